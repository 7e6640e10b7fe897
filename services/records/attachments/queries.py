"""Reading the folders: the list of 47, one folder, one entry with all its versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from services.records.access.authorise import Opened, authorise
from services.records.access.rules import decide
from services.records.activity_log.models import Need
from services.records.attachments import kept
from services.records.attachments.catalogue import Folder, catalogue, common, groups
from services.records.attachments.clearance import cleared, is_current, named_people
from services.records.attachments.models import REASON, Entry, NothingKnown, Version
from services.records.attachments.schemas import (
    EntryPage,
    EntryWhole,
    FolderFilter,
    FolderList,
    FoldersFilter,
)
from services.records.attachments.shown import AGENCIES, GONE, ShownEntry, shown, unit_name
from services.records.attachments.writing import ACTION, entry_of
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.refusals import NotFound
from shared.web.display import Person
from shared.web.schemas import Nothing
from shared.work import Work

PATH = "/nominals/<uuid:nominal_id>/attachments"
PAGE = 25
REMOVE = "attachments.remove"
MOST_VERSIONS = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One folder of the list. `total` counts every entry that the reader may know of and that was not removed."""

    folder: Folder
    current: int
    total: int
    newest: datetime | None
    needs_updating: bool
    nothing_known: dict[str, date]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.folder, name)

    @property
    def is_gap(self) -> bool:
        """Nothing is there, and nobody has said that nothing is known."""
        return not self.current and not self.nothing_known


@service.query(
    "attachments.folders",
    path=PATH,
    input=FoldersFilter,
    answer=FolderList,
    page=Page("Attachments", "attachments/folders.html"),
)
def folders(work: Work, *, nominal_id: UUID, find: str) -> dict[str, Any]:
    """The 47 folders with how much is in each, in a number of queries that does not grow (PF-7/Attachments.1)."""
    opened = authorise(work, "nominals.read", nominal_id)
    lines = [line for line in _lines(work, opened) if _is_sought(line.folder, find)]
    work.concerns(folders=len(lines))
    return {
        "folders": lines,
        "groups": _grouped(lines),
        "agencies": AGENCIES,
        "visor_number": opened.record.visor_number,
        "may_change": _may_change(work, opened),
        "may_see_reveals": decide(work.principal, "nominals.access_history", opened.record).allowed,
    }


def _lines(work: Work, opened: Opened) -> list[Line]:
    nominal_id = opened.nominal_id
    counted = {row[0]: row for row in work.session.execute(_counted(work, opened))}
    known: dict[str, dict[str, date]] = {}
    for said in work.session.scalars(select(NothingKnown).where(NothingKnown.nominal_id == nominal_id)):
        known.setdefault(said.folder, {})[said.agency] = said.looked_on
    due = select(Need.folder).where(Need.nominal_id == nominal_id, Need.state == "open")
    late = set(work.session.scalars(due))
    return [
        Line(folder, *_counts(counted.get(key)), needs_updating=key in late, nothing_known=known.get(key, {}))
        for key, folder in catalogue().items()
    ]


def _counts(row: Any) -> tuple[int, int, datetime | None]:
    return (0, 0, None) if row is None else (row.current, row.total, row.newest)


def _counted(work: Work, opened: Opened) -> Select[str, int, int, datetime]:
    return (
        select(
            Entry.folder,
            func.count().filter(is_current(work.today)).label("current"),
            func.count().label("total"),
            func.max(Entry.changed_at).label("newest"),
        )
        .where(
            Entry.nominal_id == opened.nominal_id,
            Entry.state != "removed",
            cleared(work.principal, opened.standings),
        )
        .group_by(Entry.folder)
    )


def _is_sought(folder: Folder, find: str) -> bool:
    wanted = find.casefold().split()
    words = f"{folder.title} {folder.purpose} {folder.key} {folder.number}".casefold()
    return all(word in words for word in wanted)


def _grouped(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    by_key = {line.folder.key: line for line in lines}
    found = [
        (title, [by_key[one.key] for one in all_ if one.key in by_key]) for title, all_ in groups().items()
    ]
    return [(title, some) for title, some in found if some]


@service.query(
    "attachments.folder",
    path=f"{PATH}/<folder>",
    input=FolderFilter,
    answer=EntryPage,
    page=Page("Attachment", "attachments/folder.html"),
)
def folder(
    work: Work,
    *,
    nominal_id: UUID,
    folder: str,
    agency: str | None,
    unit: str | None,
    state: str | None,
    before: UUID | None,
) -> dict[str, Any]:
    """A folder: current entries first, then those of the past, each newest first."""
    opened = authorise(work, "nominals.read", nominal_id)
    one = folder_named(folder)
    work.concerns(folder=one.key)
    base = _in_folder(work, opened, one)
    found = base.where(*_filtered(work, agency, unit, state)).order_by(
        is_current(work.today).desc(), Entry.id.desc()
    )
    found = _after(work, found, opened, before).limit(PAGE + 1)
    rows = [(row[0], row[1]) for row in work.session.execute(found)]
    entries = shown(work, rows[:PAGE])
    work.concerns(count=len(entries), masked=sum(entry.masked for entry in entries))
    return {
        "folder": one,
        "entries": entries,
        "next": entries[-1].entry.id if len(rows) > PAGE else None,
        **_writers(work, opened, one),
        "kept": kept.lines(work, opened.record, one, _said(entries)),
        "has_current": any(entry.state == "current" for entry in entries),
        "nothing_known": _nothing_known(work, nominal_id, one),
        "gradings": common().gradings,
        "visor_number": opened.record.visor_number,
        "may_change": _may_change(work, opened),
    }


def _said(entries: Iterable[ShownEntry]) -> list[str]:
    """What the current entries say, each in one text."""
    return [
        " ".join(part.text for part in entry.fields if not part.masked)
        for entry in entries
        if entry.state == "current"
    ]


def folder_named(key: str) -> Folder:
    """Raises NotFound for what is none of the 47."""
    found = catalogue().get(key)
    if found is None:
        raise NotFound
    return found


def _in_folder(work: Work, opened: Opened, one: Folder) -> Select[Entry, Version]:
    return (
        select(Entry, Version)
        .join(Version, (Version.entry_id == Entry.id) & (Version.number == Entry.version))
        .where(
            Entry.nominal_id == opened.nominal_id,
            Entry.folder == one.key,
            Entry.state != "removed",
            cleared(work.principal, opened.standings),
        )
    )


def _filtered(work: Work, agency: str | None, unit: str | None, state: str | None) -> Iterable[Any]:
    if agency:
        yield Entry.agency == agency
    if unit:
        yield Entry.unit == unit
    if state:
        yield is_current(work.today) if state == "current" else ~is_current(work.today)


def _after(
    work: Work, found: Select[Entry, Version], opened: Opened, before: UUID | None
) -> Select[Entry, Version]:
    """The page after an entry: older ones of its kind, and after the current ones those of the past."""
    if before is None:
        return found
    last = entry_of(work, opened, before)
    current = is_current(work.today)
    was = last.state == "current" and (last.ends_on is None or last.ends_on > work.today)
    older = Entry.id < before
    return found.where((current & older) | ~current if was else ~current & older)


def _writers(work: Work, opened: Opened, one: Folder) -> dict[str, dict[str, str]]:
    """The agencies, and their prisons and other units, that wrote in this folder: what the filter offers (PF-5.24)."""
    found = (
        select(Entry.agency, Entry.unit)
        .where(
            Entry.nominal_id == opened.nominal_id,
            Entry.folder == one.key,
            Entry.state != "removed",
            cleared(work.principal, opened.standings),
        )
        .distinct()
    )
    rows = work.session.execute(found).all()
    return {
        "agencies": {code: AGENCIES.get(code, code) for code in sorted({row.agency for row in rows})},
        "units": {code: unit_name(code) for code in sorted({row.unit for row in rows})},
    }


def _nothing_known(work: Work, nominal_id: UUID, one: Folder) -> list[tuple[str, date]]:
    found = (
        select(NothingKnown.agency, NothingKnown.looked_on)
        .where(NothingKnown.nominal_id == nominal_id, NothingKnown.folder == one.key)
        .order_by(NothingKnown.looked_on.desc(), NothingKnown.agency)
    )
    return [(AGENCIES.get(row.agency, row.agency), row.looked_on) for row in work.session.execute(found)]


def _may_change(work: Work, opened: Opened) -> bool:
    return decide(work.principal, ACTION, opened.record).allowed


@service.query(
    "attachments.entry",
    path=f"{PATH}/entries/<uuid:entry_id>",
    input=Nothing,
    answer=EntryWhole,
    page=Page("Attachment entry", "attachments/entry.html"),
)
def entry(work: Work, *, nominal_id: UUID, entry_id: UUID) -> dict[str, Any]:
    """An entry with every version of it: who wrote what, when (PF-7/Attachments.2)."""
    opened = authorise(work, "nominals.read", nominal_id)
    one = entry_of(work, opened, entry_id)
    may_remove = decide(work.principal, REMOVE, opened.record).allowed
    if one.state == "removed" and not may_remove:
        raise NotFound
    work.concerns(subject=("attachment_entry", entry_id), folder=one.folder)
    found = (
        select(Version)
        .where(Version.entry_id == entry_id)
        .order_by(Version.number.desc())
        .limit(MOST_VERSIONS)
    )
    versions = shown(work, ((one, version) for version in work.session.scalars(found)))
    if versions[0].revealed:
        work.concerns(shown_masked=True)
    return {
        "entry": versions[0],
        "versions": versions,
        "reasons": [_reason(work, version.version) for version in versions],
        "readers": _readers(work, one),
        "may_remove": may_remove,
        "may_reveal": decide(work.principal, "attachments.reveal", opened.record).allowed,
        "changes": [_changes(*pair) for pair in zip(versions, [*versions[1:], None], strict=True)],
        "gradings": common().gradings,
        "visor_number": opened.record.visor_number,
        "may_change": _may_change(work, opened),
    }


def _reason(work: Work, version: Version) -> str | None:
    if version.reason is None:
        return None
    return work.runtime.readable(version.origin_nominal_id, REASON, version.reason) or GONE


def _readers(work: Work, one: Entry) -> list[Person]:
    cards = read_model.people(work.session, named_people(one.readers))
    return [
        Person(card.id, card.name, card.job_title)
        for card in sorted(cards.values(), key=lambda card: card.name)
    ]


def _changes(after: ShownEntry, before: ShownEntry | None) -> list[tuple[str, str, str]]:
    """(field, before, after) of what a version changed, as far as it is shown."""
    if before is None:
        return []
    old = {one.name: one.text for one in before.fields}
    new = {one.name: one.text for one in after.fields}
    labels = {one.name: one.label for one in (*before.fields, *after.fields)}
    return [
        (labels[name], old.get(name, ""), new.get(name, ""))
        for name in after.version.changed
        if name in labels
    ]
