"""Signing off and returning risk assessments: the record's supervisor alone, and never their own (R20, R23)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import authorise, facts
from services.records.access.concerned import concerned
from services.records.access.record import Record
from services.records.access.told import agencies_told
from services.records.attachments.models import Entry
from services.records.nominals.history import note_change
from services.records.nominals.models import Nominal
from services.records.nominals.naming import about
from services.records.risk.models import COMMENT, RiskAssessment
from services.records.risk.rules import R10, RETURNED, SIGNED, can_be_decided, newest
from services.records.risk.schemas import AssessmentAnswer, Returned, Seen
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.nominals import NOMINAL_CHANGED
from shared.events.records.risk import ASSESSMENT_RETURNED, ASSESSMENT_SIGNED_OFF
from shared.refusals import NotFound, Refusal
from shared.web.display import day
from shared.work import Concerned, Work

ACTION = "risk.sign_off"
PATH = "/nominals/<uuid:nominal_id>/risk"
ONE = f"{PATH}/<uuid:assessment_id>"
NEXT = "/nominals/{nominal_id}/risk"
CHANGED = "This assessment was changed after you had opened it. Read it again first."


def may_decide(work: Work, *, nominal_id: UUID, assessment_id: UUID) -> dict[str, Any]:
    """Whoever may not sign, or comes too late, is told before deciding."""
    row, record = _to_decide(work, nominal_id, assessment_id)
    added = read_model.person(work.session, row.added_by)
    by = f", added by {added.name}" if added else ""
    level = str(row.level).replace("_", " ").capitalize()
    return {
        **about(work, record),
        "round_id": row.round_id,
        "intro": f"{level}, assessed on {day(row.assessed_on)}{by}. The summary shows the risk level of the latest"
        " assessment that is signed off.",
    }


@service.command(
    "risk.sign_off",
    path=f"{ONE}/sign-off",
    input=Seen,
    answer=AssessmentAnswer,
    form=FormPage(
        title="Sign off the risk assessment",
        button="Sign off",
        done="The assessment is signed off, and the summary goes by it.",
        next=NEXT,
        intro="The summary shows the risk level of the latest assessment that is signed off.",
        values=may_decide,
    ),
)
def sign_off(
    work: Work, *, nominal_id: UUID, assessment_id: UUID, round_id: UUID | None = None
) -> RiskAssessment:
    """Sign off an assessment (PF-7/Supervisor.1); the summary shows the latest signed one (PF-7/QA checks.1)."""
    row, record = _to_decide(work, nominal_id, assessment_id, lock=True)
    _refuse_unread(row, round_id)
    _decide(work, row, SIGNED)
    row.signed_version = work.session.execute(
        select(Entry.version).where(Entry.id == row.entry_id)
    ).scalar_one()
    work.session.flush()
    _show_on_summary(work, record)
    data = {"nominal_id": nominal_id, "assessment_id": assessment_id, "round_id": row.round_id}
    to = [*_added(row, record, work), *concerned(work, record, "manager")]
    work.emit(
        ASSESSMENT_SIGNED_OFF,
        data,
        aggregate=("assessment", row.id),
        to=_others(work, to),
        agencies=[record.owner_agency],
    )
    return row


@service.command(
    "risk.return",
    path=f"{ONE}/return",
    input=Returned,
    answer=AssessmentAnswer,
    form=FormPage(
        title="Return the risk assessment",
        button="Return assessment",
        done="The assessment is returned. Whoever added it has been told.",
        next=NEXT,
        values=may_decide,
        drafts=True,
    ),
)
def return_it(
    work: Work, *, nominal_id: UUID, assessment_id: UUID, comment: str, round_id: UUID | None = None
) -> RiskAssessment:
    """Return it with what must be put right; a changed entry comes back for sign-off."""
    row, record = _to_decide(work, nominal_id, assessment_id, lock=True)
    _refuse_unread(row, round_id)
    _decide(work, row, RETURNED)
    row.comment = work.runtime.encrypt(row.origin_nominal_id, COMMENT, comment)
    work.concerns(private=comment)
    data = {"nominal_id": nominal_id, "assessment_id": assessment_id, "round_id": row.round_id}
    work.emit(
        ASSESSMENT_RETURNED,
        data,
        aggregate=("assessment", row.id),
        to=_added(row, record, work),
        agencies=[record.owner_agency],
    )
    return row


def _to_decide(
    work: Work, nominal_id: UUID, assessment_id: UUID, *, lock: bool = False
) -> tuple[RiskAssessment, Record]:
    """R20 for anybody but the record's supervisor, R23 for their own entry, R34 for what is decided.

    The nominal's row is held first, as by whoever changes the entry at this moment.
    """
    found = select(RiskAssessment).where(
        RiskAssessment.id == assessment_id,
        RiskAssessment.nominal_id == nominal_id,
        RiskAssessment.kind == R10,
    )
    if lock:
        facts(work, nominal_id, lock=True)
        found = found.with_for_update()
    row = work.session.execute(found).scalar_one_or_none()
    own = row is not None and row.added_by == work.principal.person_id
    record = authorise(work, ACTION, nominal_id, own=own, lock=lock).record
    if row is None:
        raise NotFound
    if not can_be_decided(row.state):
        what = (
            "This assessment was signed off already." if row.state == SIGNED else "It was returned already."
        )
        raise Refusal("R34", what=what, nominal_id=nominal_id)
    work.concerns(subject=("assessment", row.id))
    return row, record


def _refuse_unread(row: RiskAssessment, round_id: UUID | None) -> None:
    """Nobody signs, or returns, words that they have not read."""
    if round_id is not None and row.round_id != round_id:
        raise Refusal("R34", what=CHANGED, nominal_id=row.nominal_id)


def _decide(work: Work, row: RiskAssessment, state: str) -> None:
    row.state, row.decided_by, row.decided_at = state, work.principal.person_id, work.now


def _show_on_summary(work: Work, record: Record) -> None:
    """An older assessment that is signed late changes nothing that the summary shows."""
    signed = work.session.execute(
        select(RiskAssessment).where(
            RiskAssessment.nominal_id == record.id, RiskAssessment.kind == R10, RiskAssessment.state == SIGNED
        )
    ).scalars()
    latest = newest(signed, SIGNED)
    nominal = work.session.get_one(Nominal, record.id)
    if not isinstance(latest, RiskAssessment) or nominal.risk_level == latest.level:
        return
    before = nominal.risk_level
    nominal.risk_level, nominal.risk_since = latest.level, latest.assessed_on
    nominal.changed_at, nominal.changed_by = work.now, work.principal.person_id
    note_change(work, record.id, "summary", {"risk_level": (before, latest.level)}, effective_on=work.today)
    data = {"nominal_id": record.id, "what": "risk_level", "standing_version": record.standing_version}
    told = agencies_told(work.session, record)
    work.emit(NOMINAL_CHANGED, data, aggregate=("nominal", record.id), agencies=told)


def _added(row: RiskAssessment, record: Record, work: Work) -> list[Concerned]:
    """Who added it; should they have left, the record's manager."""
    card = read_model.person(work.session, row.added_by)
    if card is None or not card.active:
        return concerned(work, record, "manager")
    return [Concerned(card.id, "author", card.unit, card.agency)]


def _others(work: Work, to: list[Concerned]) -> list[Concerned]:
    """Each once, and not whoever acts (C-32)."""
    found: dict[UUID, Concerned] = {}
    for one in to:
        if one.person_id != work.principal.person_id:
            found.setdefault(one.person_id, one)
    return list(found.values())
