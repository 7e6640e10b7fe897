"""An assessment or plan was written in its folder: it awaits the supervisor's signature (PF-4.18.1, D-21)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.concerned import concerned
from services.records.access.record import Record
from services.records.attachments.followed import follows
from services.records.attachments.models import Entry
from services.records.risk.models import RiskAssessment
from services.records.risk.rules import AWAITING, R10, R11, SIGNED, level_code
from shared.events.records.risk import ASSESSMENT_ADDED, ASSESSMENT_WITHDRAWN
from shared.ids import new_id
from shared.work import Work

_GONE = frozenset({"removed", "superseded"})
_PLAN = "R11 plan"


@follows("risk_assessment")
def assessment_written(work: Work, record: Record, entry: Entry, values: Mapping[str, Any]) -> None:
    """Whoever changed it last added it: nobody signs off their own words (R23)."""
    row = _row(work, entry.id)
    if entry.state in _GONE:
        _withdraw(work, record, row)
        return
    if row is None:
        row = RiskAssessment(id=new_id(), entry_id=entry.id, nominal_id=entry.nominal_id, kind=R10)
        row.origin_nominal_id = entry.origin_nominal_id
        work.session.add(row)
    row.level = level_code(values["overall_risk"])
    row.assessed_on = values["assessment_date"]
    row.termination = bool(values.get("is_termination_assessment"))
    row.state, row.decided_by, row.decided_at, row.comment = AWAITING, None, None, None
    before, row.round_id = row.round_id, new_id()
    row.added_by, row.added_at = work.principal.person_id, work.now
    work.session.flush()
    if before is not None:
        _end_round(work, record, row, before)
    _tell(work, record, row)


@follows("risk_management_plan")
def plan_written(work: Work, _record: Record, entry: Entry, values: Mapping[str, Any]) -> None:
    """R11 lies in the other folder, and is not signed off by itself (PF-4.18.2)."""
    row = _row(work, entry.id)
    if entry.state in _GONE or values["entry_type"] != _PLAN:
        if row is not None:
            work.session.delete(row)
        return
    if row is None:
        row = RiskAssessment(id=new_id(), entry_id=entry.id, nominal_id=entry.nominal_id, kind=R11)
        row.origin_nominal_id = entry.origin_nominal_id
        row.state, row.round_id = SIGNED, new_id()
        work.session.add(row)
    row.assessed_on = values["entry_date"]
    row.added_by, row.added_at = work.principal.person_id, work.now


def _row(work: Work, entry_id: UUID) -> RiskAssessment | None:
    return work.session.execute(
        select(RiskAssessment).where(RiskAssessment.entry_id == entry_id)
    ).scalar_one_or_none()


def _withdraw(work: Work, record: Record, row: RiskAssessment | None) -> None:
    """The entry was removed: there is nothing to sign any more."""
    if row is None:
        return
    _end_round(work, record, row, row.round_id)
    work.session.delete(row)


def _end_round(work: Work, record: Record, row: RiskAssessment, round_id: UUID) -> None:
    """Nobody need sign what was changed or removed meanwhile."""
    data = {"nominal_id": record.id, "assessment_id": row.id, "round_id": round_id}
    work.emit(ASSESSMENT_WITHDRAWN, data, aggregate=("assessment", row.id), agencies=[record.owner_agency])


def _tell(work: Work, record: Record, row: RiskAssessment) -> None:
    """The supervisor alone: in probation who adds it often is the manager, and nobody tells themselves (C-32)."""
    data = {
        "assessment_id": row.id,
        "nominal_id": record.id,
        "added_on": work.today,
        "managing_unit": record.managing_unit,
        "jurisdiction": record.jurisdiction,
        "round_id": row.round_id,
    }
    to = concerned(work, record, "supervisor")
    work.emit(ASSESSMENT_ADDED, data, aggregate=("assessment", row.id), to=to)
