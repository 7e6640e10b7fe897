"""Reading the log, newest first, and finding words in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import Opened, authorise
from services.records.access.rules import decide
from services.records.activity_log import schemas
from services.records.activity_log.folders import FOLDERS
from services.records.activity_log.followed import WHEN_READ
from services.records.activity_log.models import Entry, Need
from services.records.activity_log.needs import of_entries
from services.records.activity_log.reading import ShownEntry, may_read, read, read_with, wanted
from services.records.activity_log.rules import ATTENTION, KINDS, wrong_days
from services.records.nominals.parts import banner
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.reference.estate import agencies
from shared.refusals import Invalid
from shared.web.display import Person
from shared.web.forms import form_view
from shared.work import Work

PAGE = 25
PATH = "/nominals/<uuid:nominal_id>/activity-log"
AGENCIES = {agency.code: agency.name for agency in agencies()}


@service.query(
    "activity_log.read",
    path=PATH,
    input=schemas.Filter,
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
    important: bool,
    since: date | None,
    until: date | None,
) -> dict[str, Any]:
    """A page of the log. Ids grow with time, so the page after is everything below the last one shown."""
    opened = authorise(work, "nominals.read", nominal_id)
    asked = _asked(
        before=before,
        kind=kind,
        agency=agency,
        author_id=author_id,
        important=important,
        since=since,
        until=until,
    )
    entries = read(work, wanted(work, opened, asked), PAGE + 1)
    if entries and not asked:
        for follow in WHEN_READ:
            follow(work, opened, entries[0].id)
    return _page(work, opened, entries, asked)


@service.query(
    "activity_log.search",
    path=f"{PATH}/search",
    input=schemas.Search,
    answer=schemas.EntryPage,
    method="POST",
    page=Page("Activity log", "activity_log/log.html"),
)
def search_log(
    work: Work,
    *,
    nominal_id: UUID,
    words: str,
    before: UUID | None,
    kind: str | None,
    agency: str | None,
    author_id: UUID | None,
    important: bool,
    since: date | None,
    until: date | None,
) -> dict[str, Any]:
    """The entries whose text holds these words, of those that the reader may read."""
    opened = authorise(work, "nominals.read", nominal_id)
    asked = _asked(
        words=words,
        before=before,
        kind=kind,
        agency=agency,
        author_id=author_id,
        important=important,
        since=since,
        until=until,
    )
    work.concerns(private=words)
    found = read_with(work, wanted(work, opened, asked), PAGE + 1, words)
    return _page(work, opened, found, asked)


def _asked(**given: Any) -> dict[str, Any]:
    """What the filter asks for, without what it leaves open. Raises Invalid for days in the wrong order."""
    if wrong := wrong_days(given["since"], given["until"]):
        raise Invalid(wrong)
    return {name: value for name, value in given.items() if value not in (None, False)}


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry with the attachments that it says need updating; other names are the entry's own."""

    entry: ShownEntry
    needs: Sequence[Need]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.entry, name)


def _page(work: Work, opened: Opened, rows: list[ShownEntry], asked: dict[str, Any]) -> dict[str, Any]:
    entries, more = rows[:PAGE], rows[PAGE:]
    needs = of_entries(work, [entry.id for entry in entries if entry.cleared])
    work.concerns(count=len(entries))
    writers = _writers(work, opened)
    people = authors(work, [author for author, _ in writers if author is not None])
    codes = sorted({agency for _, agency in writers})
    places = {
        "authors": [(str(id), one.name) for id, one in people.items()],
        "agencies": [(code, AGENCIES.get(code, code)) for code in codes],
    }
    return {
        "entries": [LoggedEntry(entry, needs.get(entry.id, ())) for entry in entries],
        "next": entries[-1].id if more else None,
        "authors": people,
        "agencies": {code: AGENCIES.get(code, code) for code in codes},
        "agency_names": AGENCIES,
        "readers": _readers(work, entries),
        "filters": form_view(schemas.Filter(exclude=("before",)), asked, context=places),
        "asked": asked,
        "kinds": KINDS,
        "folders": FOLDERS,
        "attention": ATTENTION,
        "banner": banner(work, opened.record),
        "visor_number": opened.record.visor_number,
        "may_add": decide(work.principal, "activity_log.add", opened.record).allowed,
    }


def _readers(work: Work, entries: Sequence[ShownEntry]) -> dict[str, Person]:
    """The people named as readers of these entries, by their ids as text; no query where there are none."""
    named = {
        key.partition(":")[2] for entry in entries for key in entry.readers or () if key[:7] == "person:"
    }
    return {str(id): one for id, one in authors(work, [UUID(one) for one in named]).items()}


def authors(work: Work, ids: list[UUID]) -> dict[UUID, Person]:
    """Who wrote, by name, for links to their cards and for the filter; one query."""
    cards = sorted(read_model.people(work.session, ids).values(), key=lambda card: card.name)
    return {known.id: Person(known.id, known.name, known.job_title) for known in cards}


def _writers(work: Work, opened: Opened) -> list[tuple[UUID | None, str]]:
    """Who ever wrote in this log, and for which agency: what the filters offer (PF-7/Activity Log.1).

    Of entries restricted to others the agency alone, as the log itself shows it.
    """
    shown = select(Entry.author_id, Entry.agency).where(
        Entry.nominal_id == opened.nominal_id, may_read(work, opened)
    )
    others = select(Entry.agency).where(Entry.nominal_id == opened.nominal_id, Entry.readers.is_not(None))
    found = [(row.author_id, row.agency) for row in work.session.execute(shown.distinct())]
    return [*found, *((None, row.agency) for row in work.session.execute(others.distinct()))]
