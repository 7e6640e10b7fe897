"""Reading the log, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from services.records.access.authorise import authorise
from services.records.access.rules import decide
from services.records.activity_log import schemas
from services.records.activity_log.models import TEXT, Entry
from services.records.activity_log.rules import ATTENTION, KINDS
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.reference.estate import agencies
from shared.web.display import Person
from shared.work import Work

PAGE = 25
AGENCIES = {agency.code: agency.name for agency in agencies()}


@service.query(
    "activity_log.read",
    path="/nominals/<uuid:nominal_id>/activity-log",
    input=schemas.Page,
    answer=schemas.EntryPage,
    page=Page("Activity log", "activity_log/log.html"),
)
def read_log(
    work: Work,
    *,
    nominal_id: UUID,
    before: UUID | None,
    kind: str | None,
    agency: str | None,
    author_id: UUID | None,
) -> dict[str, Any]:
    """A page of the log. Ids grow with time, so the page after is everything below the last one shown."""
    opened = authorise(work, "nominals.read", nominal_id)
    wanted = {"kind": kind, "agency": agency, "author_id": author_id}
    rows = list(work.session.execute(_found(nominal_id, before, wanted)).scalars())
    entries, more = readable(work, rows[:PAGE]), rows[PAGE:]
    work.concerns(count=len(entries))
    writers = _writers(work, nominal_id)
    return {
        "entries": entries,
        "next": entries[-1].id if more else None,
        "authors": authors(work, [author for author, _ in writers]),
        "agencies": {agency: AGENCIES.get(agency, agency) for agency in sorted({one for _, one in writers})},
        "kinds": KINDS,
        "attention": ATTENTION,
        "visor_number": opened.record.visor_number,
        "may_add": decide(work.principal, "activity_log.add", opened.record).allowed,
    }


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry with its text in clear, or None where the nominal's key is gone; other names are the entry's own."""

    entry: Entry
    text: str | None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.entry, name)


def readable(work: Work, entries: list[Entry]) -> list[ShownEntry]:
    """Entries of one record; their key is asked for once, and kept for a minute."""
    return [
        ShownEntry(entry, work.runtime.readable(entry.origin_nominal_id, TEXT, entry.text))
        for entry in entries
    ]


def authors(work: Work, ids: list[UUID]) -> dict[UUID, Person]:
    """Who wrote, by name, for links to their cards and for the filter; one query."""
    cards = sorted(read_model.people(work.session, ids).values(), key=lambda card: card.name)
    return {known.id: Person(known.id, known.name, known.job_title) for known in cards}


def _writers(work: Work, nominal_id: UUID) -> list[tuple[UUID, str]]:
    """Everybody who ever wrote in this log, and for which agency: what the filters offer (PF-7/Activity Log.1)."""
    found = select(Entry.author_id, Entry.agency).where(Entry.nominal_id == nominal_id).distinct()
    return [(row.author_id, row.agency) for row in work.session.execute(found)]


def _found(nominal_id: UUID, before: UUID | None, wanted: dict[str, Any]) -> Select[Any]:
    found = select(Entry).where(Entry.nominal_id == nominal_id).order_by(Entry.id.desc()).limit(PAGE + 1)
    if before is not None:
        found = found.where(Entry.id < before)
    for name, value in wanted.items():
        if value is not None:
            found = found.where(getattr(Entry, name) == value)
    return found
