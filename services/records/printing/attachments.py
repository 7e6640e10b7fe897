"""The folders of the attachments, as one reader may see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, func, select

from services.records.access.authorise import Opened
from services.records.attachments.catalogue import Folder, catalogue
from services.records.attachments.clearance import cleared
from services.records.attachments.models import Entry, Version
from services.records.attachments.shown import ShownEntry, shown
from services.records.printing.content import Block, Content, facts, heading, note
from services.records.printing.rules import PARTS, never_released
from shared.web.display import day, when
from shared.work import Work

MOST = 10_000
# Said whether or not there is any: nobody but its readers learns that it is there (PF-1.4.3).
UNDECIDED = "Intelligence, if there is any: it is released only by a decision about each entry."
NEVER = "Intelligence with handling code C of prisons, if there is any."
HANDLING = "Intelligence with handling code C that belongs to other agencies, if there is any."


_INTELLIGENCE = Entry.grading == "intelligence-handled"


def _readable(work: Work, opened: Opened, folders: Sequence[str]) -> list[ColumnElement[bool]]:
    """What the reader knows of, and may export at all."""
    of_record = [Entry.nominal_id == opened.nominal_id, Entry.state != "removed"]
    codes = never_released(work.principal.agency_kind)
    never = Entry.handling_code.in_(codes)
    chosen = [Entry.folder.in_(folders)] if folders else []
    return [*of_record, cleared(work.principal, opened.standings), never.isnot(True), *chosen]


def intelligence_of(work: Work, opened: Opened, folders: Sequence[str]) -> int:
    """How many entries need a disclosure decision (R28)."""
    counted = select(func.count()).select_from(Entry).where(*_readable(work, opened, folders), _INTELLIGENCE)
    return int(work.session.execute(counted).scalar_one())


def attachments(work: Work, opened: Opened, folders: Sequence[str], *, released: bool) -> Content:
    """Folder by folder in the catalogue's order, current entries first. Intelligence only where it is `released`."""
    found = (
        select(Entry, Version)
        .join(Version, (Version.entry_id == Entry.id) & (Version.number == Entry.version))
        .where(*_readable(work, opened, folders), *([] if released else [~_INTELLIGENCE]))
        .order_by((Entry.state == "current").desc(), Entry.id.desc())
        .limit(MOST)
    )
    entries = shown(work, [(row[0], row[1]) for row in work.session.execute(found)])
    by_folder: dict[str, list[ShownEntry]] = {}
    for one in entries:
        by_folder.setdefault(one.folder.key, []).append(one)
    in_order = [(folder, by_folder[key]) for key, folder in catalogue().items() if key in by_folder]
    masked = sum(one.masked for one in entries)
    return Content(
        "attachments",
        PARTS["attachments"],
        [block for folder, some in in_order for block in _folder_blocks(folder, some)]
        or [note("There are no entries.")],
        {folder.key: [_data(one) for one in some] for folder, some in in_order},
        [*_left_out(work, released=released), *([_masked(masked)] if masked else [])],
    )


def _left_out(work: Work, *, released: bool) -> list[str]:
    if not released:
        return [UNDECIDED]
    return [HANDLING, *([NEVER] if never_released(work.principal.agency_kind) else [])]


def _masked(number: int) -> str:
    entries = f"{number} {'entry' if number == 1 else 'entries'}"
    return f"What is masked in {entries}: it is shown on the page alone, for a reason."


def _folder_blocks(folder: Folder, entries: Sequence[ShownEntry]) -> list[Block]:
    blocks = [heading(folder.title)]
    for one in entries:
        blocks.append(heading(one.headline, 3))
        blocks.append(facts([(field.label, _text(field.text)) for field in one.fields]))
        blocks.append(
            note(
                f"{one.state.capitalize()}. Entered by {getattr(one.by, 'name', one.by)}, {one.agency_name}, "
                f"{when(one.version.written_at)}. Source: {one.source_name}, {day(one.version.source_date)}."
            )
        )
    return blocks


def _text(value: str) -> str:
    """A link as the words that it shows."""
    return value.striptags() if isinstance(value, Markup) else str(value)


def _data(one: ShownEntry) -> dict[str, Any]:
    return {
        "id": str(one.entry.id),
        "state": one.state,
        "version": one.version.number,
        "grading": one.version.grading,
        "handling_code": one.entry.handling_code,
        "begins_on": _iso(one.entry.begins_on),
        "ends_on": _iso(one.entry.ends_on),
        "source": one.version.source,
        "source_date": _iso(one.version.source_date),
        "entered_by": str(one.version.written_by),
        "agency": one.version.agency,
        "unit": one.version.unit,
        "at": _iso(one.version.written_at),
        "masked": one.masked,
        "values": {name: _iso(value) for name, value in one.values.items() if value is not None},
    }


def _iso(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
