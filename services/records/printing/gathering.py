"""Gathers each part of a record as one reader may see it: by the same rules as the pages, and never more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import Opened
from services.records.activity_log.queries import AGENCIES, authors
from services.records.activity_log.reading import ShownEntry, read, wanted
from services.records.activity_log.rules import ATTENTION, KINDS
from services.records.custody.models import Movement
from services.records.custody.schemas import KINDS as MOVEMENTS
from services.records.meetings.models import Meeting
from services.records.meetings.rules import called
from services.records.minutes.reading import minutes_of
from services.records.nominals.summary import summary_of
from services.records.printing.attachments import attachments
from services.records.printing.content import Block, Content, facts, heading, note, paragraphs
from services.records.printing.models import PrintJob
from services.records.printing.rules import PARTS
from shared.directory import read_model
from shared.web.display import day, when
from shared.work import Work

GONE = "No longer readable"
NONE_YET = "No minutes have been added."
FILED = "The minutes are a file in the folder of the risk management plan."
# More than any record has; a paper of this length would still be made in time.
MOST = 10_000
_NUMBERS = {"pnc": "PNC", "cro": "CRO", "noms": "NOMS", "crn": "CRN"}
_SEXES = {"male": "Male", "female": "Female", "other": "Other", "not_known": "Not known"}


@dataclass(frozen=True)
class Wanted:
    """What was asked for, with the record as it was opened for whoever asked."""

    job: PrintJob
    opened: Opened


def summary(work: Work, asked: Wanted) -> Content:
    """What the front page says, but for the photograph."""
    said = summary_of(work, asked.opened)
    rows = [
        ("ViSOR number", said["visor_number"]),
        ("Name", said["name"]),
        ("Also known as", ", ".join(said["aliases"])),
        ("Date of birth", f"{day(said['date_of_birth'])} ({said['age']} years old)"),
        ("Sex", _SEXES[said["sex"]]),
        ("Numbers", ", ".join(f"{_NUMBERS[one['kind']]} {one['value']}" for one in said["identifiers"])),
        ("Warning markers", ", ".join(said["markers"])),
        ("Risk level", _risk(said)),
        ("MAPPA category", said["category_name"]),
        ("MAPPA level", said["level"]),
        ("Status", said["status"].capitalize()),
        ("Custody", _custody(said)),
        ("Owner", said["owner"]["name"]),
        ("Managing unit", said["managing_unit"]["name"]),
        *((words, _who(said[name])) for name, words in _PEOPLE.items()),
        ("Address", said["address"]),
        ("General comments", said["general_comments"]),
    ]
    data = {name: _plain(value) for name, value in said.items() if name not in _READERS_OWN}
    return Content("summary", PARTS["summary"], [facts(rows)], data)


_PEOPLE = {
    "manager": "Manager",
    "supervisor": "Supervisor",
    "offender_manager": "HMPPS Offender Manager",
}
# About the reader, or the suite's own bookkeeping.
_READERS_OWN = {"standings", "by_reason", "version", "standing_version", "photograph", "age"}


def _risk(said: Mapping[str, Any]) -> str:
    level = (said["risk_level"] or "not assessed").replace("_", " ").capitalize()
    return f"{level} since {day(said['risk_since'])}" if said["risk_since"] else level


def _custody(said: Mapping[str, Any]) -> str:
    if not said["custody"]:
        return "Not in custody"
    since = f", since {day(said['custody_since'])}" if said["custody_since"] else ""
    return f"{said['custody']['name']}{since}"


def _who(card: Mapping[str, Any] | None) -> str:
    return ", ".join(filter(None, (card["name"], card["telephone"]))) if card else "Nobody"


def activity_log(work: Work, asked: Wanted) -> Content:
    """Oldest first, as a story is read; of what is restricted to others only that it is there."""
    days = {"since": asked.job.since, "until": asked.job.through}
    entries = read(work, wanted(work, asked.opened, days), MOST)[::-1]
    mine = [entry for entry in entries if entry.cleared]
    people = authors(work, list({entry.author_id for entry in mine if entry.author_id}))
    names = {id: one.name for id, one in people.items()}
    blocks = [block for entry in mine for block in _entry_blocks(entry, names)]
    hidden = len(entries) - len(mine)
    return Content(
        "activity_log",
        _log_title(asked.job),
        blocks or [note("There are no entries.")],
        [_entry_data(entry, names) for entry in mine],
        [f"{_many(hidden, 'entry', 'entries')} restricted to other readers."] if hidden else [],
    )


def _log_title(job: PrintJob) -> str:
    since, through = job.since, job.through
    parts = [f"from {day(since)}" if since else "", f"to {day(through)}" if through else ""]
    return " ".join([PARTS["activity_log"], *filter(None, parts)])


def _entry_blocks(entry: ShownEntry, names: Mapping[UUID, str]) -> list[Block]:
    by = names.get(entry.author_id, "a user not known here") if entry.author_id else ""
    about = [f"By {by}, {AGENCIES.get(entry.agency, entry.agency)}"]
    if entry.for_attention:
        about.append(f"For {', '.join(ATTENTION[role] for role in entry.for_attention)}")
    about += ["Important"] if entry.important else []
    about += ["Corrects an earlier entry"] if entry.corrects else []
    about += ["Corrected by a later entry"] if entry.corrected_by else []
    title = f"{KINDS.get(entry.kind or '', entry.kind)}, {when(entry.at)}"
    return [
        heading(title),
        note(". ".join(about) + "."),
        paragraphs(entry.text if entry.text is not None else GONE),
    ]


def _entry_data(entry: ShownEntry, names: Mapping[UUID, str]) -> dict[str, Any]:
    said: dict[str, Any] = _plain(
        {
            "id": entry.id,
            "kind": entry.kind,
            "at": entry.at,
            "author_id": entry.author_id,
            "author": names.get(entry.author_id) if entry.author_id else None,
            "agency": entry.agency,
            "unit": entry.unit,
            "for_attention": list(entry.for_attention),
            "important": entry.important,
            "restricted": entry.restricted,
            "corrects": entry.corrects,
            "text": entry.text,
        }
    )
    return said


def meetings(work: Work, asked: Wanted) -> Content:
    found = select(Meeting).where(Meeting.nominal_id == asked.opened.nominal_id).order_by(Meeting.held_on)
    meetings = work.session.scalars(found.limit(MOST)).all()
    rows = [(one, minutes_of(work, asked.opened, one)) for one in meetings]
    blocks: list[Block] = []
    for one, text in rows:
        blocks.append(heading(f"{called(one.level).capitalize()} on {day(one.held_on)}"))
        blocks.append(note(FILED if one.minutes_added_at else NONE_YET) if text is None else paragraphs(text))
    data = [
        _plain({"id": one.id, "level": one.level, "held_on": one.held_on, "minutes": text})
        for one, text in rows
    ]
    return Content("meetings", PARTS["meetings"], blocks or [note("There are no meetings.")], data)


def custody(work: Work, asked: Wanted) -> Content:
    found = select(Movement).where(Movement.nominal_id == asked.opened.nominal_id)
    rows = list(work.session.scalars(found.order_by(Movement.at, Movement.id).limit(MOST)))
    units = read_model.units(work.session, [one.prison for one in rows])
    names = {code: unit.name for code, unit in units.items()}
    pairs = [
        (
            when(one.at),
            f"{MOVEMENTS[one.kind]}, {names.get(one.prison, one.prison)}{f': {one.reason}' if one.reason else ''}",
        )
        for one in rows
    ]
    data = [
        _plain({"id": one.id, "kind": one.kind, "prison": one.prison, "at": one.at, "reason": one.reason})
        for one in rows
    ]
    blocks = [facts(pairs)] if pairs else [note("There are no movements.")]
    return Content("custody", PARTS["custody"], blocks, data)


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _plain(value: Any) -> Any:
    """As JSON has it: ids and times as text."""
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


GATHERERS: Mapping[str, Callable[[Work, Wanted], Content]] = {
    "summary": summary,
    "activity_log": activity_log,
    "attachments": lambda work, asked: attachments(
        work, asked.opened, asked.job.folders, released=asked.job.decision is not None
    ),
    "meetings": meetings,
    "custody": custody,
}
