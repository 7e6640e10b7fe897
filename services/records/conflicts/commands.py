"""Declaring a conflict of interest, and ending one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from services.records.access.authorise import authorise
from services.records.access.concerned import concerned, holding
from services.records.access.looks import CONFLICT_ENDED, CONFLICT_REASON
from services.records.access.models import Conflict, Opening
from services.records.access.picture import standing_changed
from services.records.conflicts.schemas import ConflictAnswer, DeclareInput, EndInput
from services.records.nominals.naming import about
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records import access as facts
from shared.ids import new_id
from shared.refusals import NotFound, Refusal
from shared.work import Work

DECLARE, END = "conflicts.declare", "conflicts.end"
PATH = "/nominals/<uuid:nominal_id>/conflicts"

service.constraints["uq_conflict_of_interest_person_id_nominal_id"] = lambda: Refusal(
    "R34", what="You have declared a conflict of interest with this person already."
)


@dataclass(frozen=True)
class Declared:
    nominal_id: UUID
    conflict_id: UUID


def may_declare(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """No name stands on the form: whoever declares may not be partnered to the record."""
    return {"about": authorise(work, DECLARE, nominal_id).record.visor_number}


def may_end(work: Work, *, nominal_id: UUID, conflict_id: UUID) -> dict[str, Any]:
    record = authorise(work, END, nominal_id).record
    _current(work, nominal_id, conflict_id)
    return dict(about(work, record))


@service.command(
    DECLARE,
    path=PATH,
    input=DeclareInput,
    answer=ConflictAnswer,
    status=201,
    form=FormPage(
        title="Declare a conflict of interest",
        button="Declare it",
        done="You declared a conflict of interest, and the record is closed to you.",
        next="/nominals",
        path=f"{PATH}/declare",
        intro=(
            "If you know this person, or have an interest of your own in the record, say so. The record is closed to"
            " you at once, its CPC is told, and only its CPC can open it to you again."
        ),
        values=may_declare,
    ),
)
def declare(work: Work, *, nominal_id: UUID, reason: str) -> Declared:
    """Close this record to oneself, whatever one's part in it; its CPC is told."""
    opened = authorise(work, DECLARE, nominal_id, lock=True)
    who, record = work.principal, opened.record
    row = Conflict(
        id=new_id(),
        nominal_id=nominal_id,
        person_id=who.person_id,
        agency=who.agency,
        unit=who.unit,
        reason=work.runtime.encrypt(nominal_id, CONFLICT_REASON, reason),
        declared_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.session.execute(
        delete(Opening).where(Opening.nominal_id == nominal_id, Opening.person_id == who.person_id)
    )
    work.concerns(subject=("conflict", row.id), private=reason)
    data = {"nominal_id": nominal_id, "conflict_id": row.id, "person_id": who.person_id}
    to = concerned(work, record, "cpc")
    work.emit(facts.CONFLICT_DECLARED, data, aggregate=("nominal", nominal_id), to=to)
    standing_changed(work, record)
    return Declared(nominal_id, row.id)


@service.command(
    END,
    path=f"{PATH}/<uuid:conflict_id>/end",
    input=EndInput,
    answer=ConflictAnswer,
    recent_sign_in=True,
    form=FormPage(
        title="End a conflict of interest",
        button="End it",
        done="The conflict of interest was ended.",
        next="/nominals/{nominal_id}/conflicts",
        path=f"{PATH}/<uuid:conflict_id>/end",
        intro="The record is then open again to the person who declared it, as they stand to it.",
        values=may_end,
    ),
)
def end(work: Work, *, nominal_id: UUID, conflict_id: UUID, reason: str) -> Declared:
    """Only the record's CPC, or who acts for her; never of one's own, since one stands to no such record."""
    opened = authorise(work, END, nominal_id, lock=True)
    row = _current(work, nominal_id, conflict_id)
    row.ended_at, row.ended_by = work.now, work.principal.person_id
    row.end_reason = work.runtime.encrypt(row.origin_nominal_id, CONFLICT_ENDED, reason)
    work.session.flush()
    work.concerns(subject=("conflict", row.id), private=reason)
    card = read_model.person(work.session, row.person_id)
    data = {"nominal_id": nominal_id, "conflict_id": row.id, "person_id": row.person_id}
    to = holding([card] if card and card.active else [], "declarer", row.unit, row.agency)
    work.emit(facts.CONFLICT_ENDED, data, aggregate=("nominal", nominal_id), to=to)
    standing_changed(work, opened.record)
    return Declared(nominal_id, row.id)


def _current(work: Work, nominal_id: UUID, conflict_id: UUID) -> Conflict:
    found = select(Conflict).where(
        Conflict.id == conflict_id, Conflict.nominal_id == nominal_id, Conflict.ended_at.is_(None)
    )
    row = work.session.execute(found).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row
