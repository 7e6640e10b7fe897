"""Adding to the log, and telling those whose attention is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.records.access.authorise import authorise
from services.records.access.concerned import concerned
from services.records.access.record import Record, record_statement
from services.records.access.told import stood_agencies, with_owner
from services.records.activity_log.models import TEXT, Entry
from services.records.activity_log.schemas import EntryAnswer, NewEntry
from services.records.nominals.naming import about
from services.records.service import service
from shared.declarations import FormPage
from shared.driver import FixedInsert
from shared.events.records.activity_log import ACTIVITY_ADDED, NOTIFY_MANAGER
from shared.ids import new_id
from shared.work import Work

PATH = "/nominals/<uuid:nominal_id>/activity-log"
# The record, the standing of who writes and the agencies to tell, in one SELECT: the log is what is written most.
_RECORD = record_statement(stood_agencies().label("stood"))
# A plain INSERT: an entry is never changed, so the session need not keep watch over it.
_COLUMNS = tuple(Entry.__table__.columns.keys())
_INSERT = FixedInsert(Entry.__table__)


@dataclass(frozen=True, slots=True)
class Added:
    """A new entry, as it is written and answered."""

    id: UUID
    nominal_id: UUID
    origin_nominal_id: UUID
    kind: str
    text: str
    author_id: UUID
    agency: str
    unit: str
    at: datetime
    for_attention: list[str]


def may_add(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever may not write is told before typing."""
    return dict(about(work, authorise(work, "activity_log.add", nominal_id).record))


@service.command(
    "activity_log.add",
    path=PATH,
    input=NewEntry,
    answer=EntryAnswer,
    status=201,
    apart=True,
    form=FormPage(
        title="Add an activity log entry",
        button="Add entry",
        done="The entry is on the log.",
        next="/nominals/{nominal_id}/activity-log",
        path=f"{PATH}/add",
        intro="Entries are never changed: a correction is another entry. Every partner of the record can read it.",
        values=may_add,
        drafts=True,
    ),
)
def add_entry(work: Work, *, nominal_id: UUID, kind: str, text: str, for_attention: list[str]) -> Added:
    """Add an entry; with "notify manager" its manager gets an important to-do item (PF-4.19.2)."""
    opened = authorise(work, "activity_log.add", nominal_id, statement=_RECORD)
    record = opened.record
    entry = Added(
        id=new_id(),
        nominal_id=nominal_id,
        origin_nominal_id=nominal_id,
        kind=kind,
        text=text,
        author_id=work.principal.person_id,
        agency=work.principal.agency,
        unit=work.principal.unit,
        at=work.now,
        for_attention=sorted(set(for_attention)),
    )
    sealed = work.runtime.encrypt(nominal_id, TEXT, text)
    work.at_last(_INSERT.of({column: getattr(entry, column) for column in _COLUMNS} | {"text": sealed}))
    work.concerns(subject=("activity_entry", entry.id), kind=kind, for_attention=entry.for_attention)
    data = {"nominal_id": nominal_id, "entry_id": entry.id, "standing_version": record.standing_version}
    told = with_owner(opened.row.stood, record)
    work.emit(ACTIVITY_ADDED, data, aggregate=("nominal", nominal_id), agencies=told)
    _ask_attention(work, record, entry)
    return entry


def _ask_attention(work: Work, record: Record, entry: Added) -> None:
    """Who writes the entry is not told of it, though asked for as manager (C-32)."""
    to = [
        one
        for one in (concerned(work, record, *entry.for_attention) if entry.for_attention else [])
        if one.person_id != work.principal.person_id
    ]
    if to:
        data = {"nominal_id": record.id, "entry_id": entry.id, "for_attention": entry.for_attention}
        work.emit(NOTIFY_MANAGER, data, aggregate=("activity_entry", entry.id), to=to)
