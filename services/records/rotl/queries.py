"""The checks of one record, and the leave that one's prison approved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy import select

from services.records.access.authorise import authorise
from services.records.access.rules import decide
from services.records.rotl.commands import ACTION, LASTS, PATH
from services.records.rotl.models import TEXT, RotlApproval, RotlCheck
from services.records.rotl.rules import APPROVING, OUTCOMES, lasts_until
from services.records.rotl.schemas import ApprovalLine, ChecksAnswer
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.refusals import Refusal
from shared.web.display import Person
from shared.web.schemas import Answer, Nothing
from shared.work import Work


@service.query(
    "rotl.checks",
    path=PATH,
    input=Nothing,
    answer=ChecksAnswer,
    page=Page("Temporary release", "rotl/checks.html"),
)
def checks(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Every check before temporary release, with what was found, and the leave approved on it; the newest first."""
    record = authorise(work, "nominals.read", nominal_id).record
    found = select(RotlCheck).where(RotlCheck.nominal_id == nominal_id)
    rows = list(work.session.execute(found.order_by(RotlCheck.checked_at.desc()).limit(200)).scalars())
    given = select(RotlApproval).where(RotlApproval.nominal_id == nominal_id)
    approvals = list(work.session.execute(given.order_by(RotlApproval.leave_on.desc()).limit(200)).scalars())
    period = work.policy.period(LASTS, work.today)
    ids = [one.checked_by for one in rows] + [one.approved_by for one in approvals]
    people = read_model.people(work.session, ids)
    unit = read_model.unit(work.session, work.principal.unit)
    work.concerns(count=len(rows))
    return {
        "checks": [
            _shown(work, one, lasts_until(one.checked_at, period, record.jurisdiction)) for one in rows
        ],
        "approvals": approvals,
        "may_check": decide(work.principal, ACTION, record).allowed and bool(unit and unit.kind == "prison"),
        "outcomes": OUTCOMES,
        "people": {id: Person(id, card.name) for id, card in people.items()},
        "units": read_model.units(
            work.session, [*(one.prison for one in rows), *(one.prison for one in approvals)]
        ),
        "visor_number": record.visor_number,
        "today": work.today,
    }


def _shown(work: Work, one: RotlCheck, until: Any) -> dict[str, Any]:
    names = ("id", "nominal_id", "prison", "outcome", "checked_by", "checked_at")
    text = work.runtime.readable(one.origin_nominal_id, TEXT, one.text) if one.text else None
    return {**{name: getattr(one, name) for name in names}, "text": text, "lasts_until": until}


class ApprovalsAnswer(Answer):
    approvals = fields.List(fields.Nested(ApprovalLine))


@service.query(
    "rotl.approvals",
    path="/rotl/approvals",
    input=Nothing,
    answer=ApprovalsAnswer,
    page=Page("Temporary release approved", "rotl/approvals.html"),
)
def approvals(work: Work) -> dict[str, Any]:
    """The last hundred of one's own prison, without a name: when they go, who approved it, and when it was checked."""
    units = sorted(work.principal.units_with_role(*APPROVING))
    if not units:
        raise Refusal("R32", role="a manager who approves temporary release")
    found = (
        select(RotlApproval, RotlCheck.checked_at)
        .join(RotlCheck, RotlCheck.id == RotlApproval.check_id)
        .where(RotlApproval.prison.in_(units))
        .order_by(RotlApproval.approved_at.desc())
        .limit(100)
    )
    rows = work.session.execute(found).all()
    people = read_model.people(work.session, [row[0].approved_by for row in rows])
    work.concerns(count=len(rows))
    return {
        "approvals": [row[0] for row in rows],
        "checked": {row[0].id: row[1] for row in rows},
        "people": {id: Person(id, card.name) for id, card in people.items()},
    }
