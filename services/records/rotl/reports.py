"""RPT-28: checks before temporary release, and the leave that was approved on them (PF-5.23.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select, case, func, null, or_, select
from sqlalchemy.orm import aliased

from services.records.access.standings import hidden_from, standings
from services.records.nominals.models import Nominal
from services.records.rotl.models import RotlApproval, RotlCheck
from services.records.rotl.rules import OUTCOMES
from services.records.service import service
from shared.access.principal import Principal
from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.time.calendars import end_of_day, start_of_day
from shared.web.schemas import Input
from shared.work import Work

ROLES = ("visor_lead", "governor", "approving_manager", "prison_group_director")
OWN = ("manager", "supervisor", "lpc", "cpc", "deputy")
_unit, _person = DIRECTORY.unit, DIRECTORY.person


class RotlFilter(Input):
    outcome = fields.String(
        load_default="",
        validate=validate.OneOf(["", *OUTCOMES]),
        metadata={"label": "Outcome", "widget": "select", "empty": "All", "options": list(OUTCOMES.items())},
    )
    since = fields.Date(load_default=None, allow_none=True, metadata={"label": "Checked from"})
    until = fields.Date(load_default=None, allow_none=True, metadata={"label": "Checked until"})


def answers(principal: Principal) -> bool:
    tokens = principal.holds("cpc", "lpc", "manager", "supervisor")
    return tokens or principal.has_role(*ROLES) or bool(principal.deputy_for)


def _found(work: Work, outcome: str, since: date | None, until: date | None) -> Select[Any]:
    """Those of the prisons that the reader answers for, and of the records that are theirs."""
    me = work.principal
    held = me.units_with("cpc") | me.units_with_role(*ROLES)
    prisons = sorted({code for unit in held for code in read_model.below(work.session, unit)})
    mine = standings(me)
    own = select(mine.c.nominal_id).where(mine.c.standing.in_(OWN))
    found = select(RotlCheck.id).where(or_(RotlCheck.prison.in_(prisons), RotlCheck.nominal_id.in_(own)))
    if outcome:
        found = found.where(RotlCheck.outcome == outcome)
    if since is not None:
        found = found.where(RotlCheck.checked_at >= start_of_day(since))
    return found if until is None else found.where(RotlCheck.checked_at <= end_of_day(until))


def _by_prison(
    work: Work, *, outcome: str, since: date | None, until: date | None
) -> Sequence[tuple[Any, ...]]:
    name = func.coalesce(_unit.c.name, RotlCheck.prison)
    counts = [func.count().filter(RotlCheck.outcome == one) for one in OUTCOMES]
    grouped = (
        _found(work, outcome, since, until)
        .with_only_columns(name, *counts)
        .outerjoin(_unit, _unit.c.code == RotlCheck.prison)
        .group_by(name)
        .order_by(func.count().desc(), name)
        .limit(20)
    )
    return [tuple(row) for row in work.session.execute(grouped)]


@service.report(
    "RPT-28",
    "Checks before temporary release",
    "PF-5.23.1",
    "PF-5.23.2",
    input=RotlFilter,
    columns=(
        ReportColumn("visor_number", "Record"),
        ReportColumn("prison_name", "Prison", sortable=True),
        ReportColumn("checked_at", "Checked", "moment", sortable=True),
        ReportColumn("checked_by", "By", "person"),
        ReportColumn(
            "outcome",
            "Outcome",
            "tag",
            colours={OUTCOMES["no_risk"]: "green", OUTCOMES["risk"]: "orange", OUTCOMES["referred"]: "red"},
        ),
        ReportColumn("approvals", "Leave approved on it", "number", total=True),
        ReportColumn("last_leave", "Last leave from", "date"),
    ),
    whom="a Governor, an approving manager, a ViSOR lead, a CPC, an LPC, a manager or a supervisor",
    open_to=answers,
    intro="Every time a prison accessed ViSOR before it decided on release on temporary licence.",
    chart=Chart("Checks by prison and outcome", tuple(OUTCOMES.values()), _by_prison, kind="stacked"),
    empty="No check fits this filter.",
)
def rotl_checks(work: Work, *, outcome: str, since: date | None, until: date | None) -> Select[Any]:
    """Newest first; of a record that is hidden from the reader no more than that it is one."""
    nominal = aliased(Nominal)
    hidden = nominal.id.in_(hidden_from(work.principal))
    given = (
        select(
            RotlApproval.check_id,
            func.count().label("approvals"),
            func.max(RotlApproval.leave_on).label("last_leave"),
        )
        .group_by(RotlApproval.check_id)
        .subquery()
    )
    return (
        _found(work, outcome, since, until)
        .with_only_columns(
            case((hidden, null()), else_=nominal.visor_number).label("visor_number"),
            func.coalesce(_unit.c.name, RotlCheck.prison).label("prison_name"),
            RotlCheck.checked_at.label("checked_at"),
            _person.c.name.label("checked_by"),
            RotlCheck.checked_by.label("checked_by_id"),
            case(OUTCOMES, value=RotlCheck.outcome, else_="").label("outcome"),
            func.coalesce(given.c.approvals, 0).label("approvals"),
            given.c.last_leave.label("last_leave"),
        )
        .join(nominal, nominal.id == RotlCheck.nominal_id)
        .outerjoin(given, given.c.check_id == RotlCheck.id)
        .outerjoin(_unit, _unit.c.code == RotlCheck.prison)
        .outerjoin(_person, _person.c.id == RotlCheck.checked_by)
        .order_by(RotlCheck.checked_at.desc(), RotlCheck.id.desc())
    )
