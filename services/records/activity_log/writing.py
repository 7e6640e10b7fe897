"""How an entry comes onto the log, whoever writes it: the row, and who is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.records.access.clearance import is_cleared, keys
from services.records.access.concerned import concerned
from services.records.access.record import Record
from services.records.activity_log.models import TEXT, TO_INFORM, Entry
from services.records.activity_log.rules import change_word
from shared.driver import FixedInsert
from shared.events.records.activity_log import ACTIVITY_ADDED, NOTIFY_MANAGER
from shared.ids import new_id
from shared.work import Concerned, Work

# A plain INSERT: an entry is never changed, so the session need not keep watch over it.
_COLUMNS = tuple(Entry.__table__.columns.keys())
_INSERT = FixedInsert(Entry.__table__, through={"nominal_id": "live_nominal"})


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
    important: bool = False
    readers: list[str] | None = None
    corrects: UUID | None = None
    to_inform: str | None = None

    @property
    def restricted(self) -> bool:
        return self.readers is not None


def write_entry(
    work: Work,
    record: Record,
    told: Iterable[str],
    *,
    kind: str,
    text: str,
    for_attention: Sequence[str] = (),
    important: bool = False,
    readers: list[str] | None = None,
    corrects: UUID | None = None,
    to_inform: str | None = None,
) -> Added:
    """Write an entry of the acting person on a record that they may write on; `told` are the agencies that stand to it.

    The row is written last, so nothing in the unit can read it. With `for_attention` those holders get an item.
    """
    me = work.principal
    entry = Added(
        id=new_id(),
        nominal_id=record.id,
        origin_nominal_id=record.id,
        kind=kind,
        text=text,
        author_id=me.person_id,
        agency=me.agency,
        unit=me.unit,
        at=work.now,
        for_attention=sorted(set(for_attention)),
        important=important,
        readers=readers,
        corrects=corrects,
        to_inform=to_inform,
    )
    sealed = {"text": work.runtime.encrypt(record.id, TEXT, text)}
    if to_inform:
        sealed["to_inform"] = work.runtime.encrypt(record.id, TO_INFORM, to_inform)
    work.at_last(_INSERT.of({column: getattr(entry, column) for column in _COLUMNS} | sealed))
    word = change_word(important=important, restricted=entry.restricted)
    data = {
        "nominal_id": record.id,
        "entry_id": entry.id,
        "standing_version": record.standing_version,
        "what": word,
    }
    work.emit(ACTIVITY_ADDED, data, aggregate=("nominal", record.id), agencies=told)
    _ask_attention(work, record, entry)
    return entry


def _ask_attention(work: Work, record: Record, entry: Added) -> None:
    """Exactly those holders (PF-7/Activity Log.2); who writes is not told, though asked for as manager (C-32).

    Of those whom a restricted entry does not name each is told that there is one, and no more.
    """
    if not entry.for_attention:
        return
    asked = [
        one
        for one in concerned(work, record, *entry.for_attention)
        if one.person_id != work.principal.person_id
    ]
    may_read = [one for one in asked if _may_read(one, entry.readers)]
    data = {"nominal_id": record.id, "entry_id": entry.id, "for_attention": entry.for_attention}
    subject = ("activity_entry", entry.id)
    if may_read:
        work.emit(NOTIFY_MANAGER, data, aggregate=subject, to=may_read)
    if others := [one for one in asked if one not in may_read]:
        work.emit(NOTIFY_MANAGER, data, aggregate=subject, to=others, detail="restricted")


def _may_read(one: Concerned, readers: Sequence[str] | None) -> bool:
    return is_cleared(readers, keys(one.person_id, one.agency, {one.role}))
