"""Entries as this reader may see them: what is restricted to others never leaves the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, select
from sqlalchemy.orm import aliased

from services.records.access.authorise import Opened
from services.records.access.clearance import cleared
from services.records.activity_log.models import TEXT, TO_INFORM, Entry
from services.records.activity_log.rules import holds_words
from shared.time.calendars import end_of_day, start_of_day
from shared.work import Work

# Of a restricted entry others see when it was written and by which agency; of these nothing.
_PRIVATE = (
    "kind",
    "text",
    "author_id",
    "unit",
    "for_attention",
    "important",
    "readers",
    "corrects",
    "to_inform",
)
_AT_ONCE = 200
_before, _after = aliased(Entry, name="before"), aliased(Entry, name="after")


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry as its reader may see it; of one that is not `cleared` only when and by which agency it was written.

    `text` is None where the nominal's key is gone. `corrected_text` is what the entry that this one `corrects` said,
    `corrected_by` the entry that corrects this one.
    """

    id: UUID
    nominal_id: UUID
    origin_nominal_id: UUID
    agency: str
    at: datetime
    restricted: bool
    cleared: bool
    kind: str | None = None
    text: str | None = None
    author_id: UUID | None = None
    unit: str | None = None
    for_attention: Sequence[str] = ()
    important: bool = False
    readers: Sequence[str] | None = None
    corrects: UUID | None = None
    to_inform: str | None = None
    corrected_text: str | None = None
    corrected_at: datetime | None = None
    corrected_author_id: UUID | None = None
    corrected_by: UUID | None = None


def may_read(work: Work, opened: Opened) -> ColumnElement[bool]:
    return cleared(Entry.readers, Entry.author_id, work.principal, opened.standings)  # type: ignore[arg-type]


def visible(work: Work, opened: Opened) -> Select[Any]:
    """Every entry of the record, with its private columns only where the reader may have them."""
    may = may_read(work, opened)
    private = [case((may, getattr(Entry, name))).label(name) for name in _PRIVATE]
    corrected = [
        case((may, getattr(_before, name))).label(f"corrected_{name}") for name in ("text", "at", "author_id")
    ]
    return (
        select(
            Entry.id,
            Entry.nominal_id,
            Entry.origin_nominal_id,
            Entry.agency,
            Entry.at,
            Entry.readers.is_not(None).label("restricted"),
            may.label("cleared"),
            *private,
            *corrected,
            _before.origin_nominal_id.label("corrected_origin"),
            case((may, _after.id)).label("corrected_by"),
        )
        .outerjoin(_before, _before.id == Entry.corrects)
        .outerjoin(_after, _after.corrects == Entry.id)
        .where(Entry.nominal_id == opened.nominal_id)
    )


def wanted(work: Work, opened: Opened, asked: Mapping[str, Any]) -> Select[Any]:
    """Newest first. What others may not know of a restricted entry does not choose it either."""
    found = visible(work, opened).order_by(Entry.id.desc())
    if asked.get("before") is not None:
        found = found.where(Entry.id < asked["before"])
    if asked.get("agency"):
        found = found.where(Entry.agency == asked["agency"])
    if asked.get("since"):
        found = found.where(Entry.at >= start_of_day(asked["since"]))
    if asked.get("until"):
        found = found.where(Entry.at <= end_of_day(asked["until"]))
    private = [getattr(Entry, name) == asked[name] for name in ("kind", "author_id") if asked.get(name)]
    private += [Entry.important] if asked.get("important") else []
    if private or asked.get("words"):
        found = found.where(and_(may_read(work, opened), *private))
    return found


def read(work: Work, found: Select[Any], most: int) -> list[ShownEntry]:
    return [_shown(work, row) for row in work.session.execute(found.limit(most))]


def read_with(work: Work, found: Select[Any], most: int, words: str) -> list[ShownEntry]:
    """The first ones whose text holds these words; texts lie encrypted, so each is opened and looked at."""
    chosen: list[ShownEntry] = []
    for entry in _opened_one_by_one(work, found):
        if entry.text is not None and holds_words(entry.text, words):
            chosen.append(entry)
            if len(chosen) == most:
                break
    return chosen


def _opened_one_by_one(work: Work, found: Select[Any]) -> Iterator[ShownEntry]:
    last: UUID | None = None
    while True:
        rows = read(work, found if last is None else found.where(Entry.id < last), _AT_ONCE)
        yield from rows
        if len(rows) < _AT_ONCE:
            return
        last = rows[-1].id


def one_entry(work: Work, opened: Opened, entry_id: UUID) -> ShownEntry | None:
    row = work.session.execute(visible(work, opened).where(Entry.id == entry_id)).first()
    return None if row is None else _shown(work, row)


def _shown(work: Work, row: Any) -> ShownEntry:
    """Texts in clear; the nominal's key is asked for once, and kept for a minute."""

    def clear(origin: UUID, purpose: str, sealed: bytes | None) -> str | None:
        return None if sealed is None else work.runtime.readable(origin, purpose, sealed)

    values = row._asdict()
    values["text"] = clear(row.origin_nominal_id, TEXT, row.text)
    # What was corrected may have come with another record, under that one's key.
    values["corrected_text"] = clear(values.pop("corrected_origin"), TEXT, row.corrected_text)
    values["to_inform"] = clear(row.origin_nominal_id, TO_INFORM, row.to_inform)
    values["for_attention"] = row.for_attention or ()
    values["important"] = bool(row.important)
    return ShownEntry(**values)
