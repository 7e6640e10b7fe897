"""What was added to a merged record since: it stays there when the merge is undone, unless the CPC assigns it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from services.records.activity_log.models import Entry as LogEntry
from services.records.activity_log.models import Need, Review
from services.records.activity_log.rules import KINDS
from services.records.attachment_files.finding import file_ids
from services.records.attachment_files.models import AttachedFile
from services.records.attachments.catalogue import catalogue
from services.records.attachments.models import Entry, Reveal, Version
from services.records.custody.models import Movement
from services.records.imminent_risk.models import FlaggedContact, ImminentRisk
from services.records.meetings.models import Meeting
from services.records.merging.models import Merge
from services.records.nominals.history import LABELS
from services.records.nominals.keepers import own_rows
from services.records.nominals.models import Change
from services.records.nominals.occasions import occasions
from services.records.previews.models import Preview
from services.records.prison_moves.models import PrisonMove
from services.records.quality.models import RecordCheck
from services.records.risk.models import RiskAssessment
from services.records.rotl.models import RotlApproval, RotlCheck
from services.records.search.models import KnownName, SearchKey
from services.records.sharing.models import Sharing
from shared.files import belongs_to
from shared.refusals import Invalid
from shared.web.display import day, when
from shared.work import Work

MOST = 500


@dataclass(frozen=True, slots=True)
class Added:
    """`key` names it in the form: its kind and id."""

    key: str
    text: str
    at: datetime


# Kind → its table, and when a row of it was added.
_KINDS: dict[str, tuple[Any, Any]] = {
    "log": (LogEntry, LogEntry.at),
    "attachment": (Entry, Entry.entered_at),
    "meeting": (Meeting, Meeting.entered_at),
    "move": (Movement, Movement.at),
    "booked": (PrisonMove, PrisonMove.booked_at),
    "contact": (FlaggedContact, FlaggedContact.flagged_at),
    "sharing": (Sharing, Sharing.entered_at),
    "rotl": (RotlCheck, RotlCheck.checked_at),
    "check": (RecordCheck, RecordCheck.checked_at),
}
# What is never parted: rows of the first column's table go where those go that it names by the second.
_ALONG: tuple[tuple[Any, Any], ...] = (
    (LogEntry.corrects, LogEntry.id),
    (Need.entry_id, LogEntry.id),
    (Review.entry_id, LogEntry.id),
    (LogEntry.id, Review.entry_id),
    (ImminentRisk.entry_id, LogEntry.id),
    (Entry.id, Meeting.minutes_entry_id),
    (Meeting.minutes_entry_id, Entry.id),
    (Version.entry_id, Entry.id),
    (Reveal.entry_id, Entry.id),
    (RiskAssessment.entry_id, Entry.id),
    (AttachedFile.entry_id, Entry.id),
    (SearchKey.source_id, Entry.id),
    (KnownName.source_id, Entry.id),
    (RotlApproval.check_id, RotlCheck.id),
)


def added_since(work: Work, merge: Merge) -> list[Added]:
    """Oldest first."""
    found = [one for kind in _KINDS for one in _of_kind(work, merge, kind)]
    return sorted(found, key=lambda one: one.at)[:MOST]


def _of_kind(work: Work, merge: Merge, kind: str) -> list[Added]:
    rows = work.session.scalars(_wanted(merge, kind).limit(MOST)).all()
    at = _KINDS[kind][1].key
    return [Added(f"{kind}:{row.id}", _said(kind, row), getattr(row, at)) for row in rows]


def _wanted(merge: Merge, kind: str) -> Any:
    """A correction is not asked about: it goes where the entry goes that it corrects."""
    table, at = _KINDS[kind]
    of_its_own = (LogEntry.corrects.is_(None),) if kind == "log" else ()
    return select(table).where(
        table.nominal_id == merge.nominal_id,
        table.origin_nominal_id == merge.nominal_id,
        at >= merge.decided_at,
        *of_its_own,
    )


def _said(kind: str, row: Any) -> str:
    at = when(getattr(row, _KINDS[kind][1].key))
    if kind == "log":
        what = KINDS[row.kind].lower() if row.readers is None else "restricted entry"
        return f"Activity log, {what}, {at}"
    if kind == "attachment":
        return f"{catalogue()[row.folder].title}, {at}"
    if kind == "meeting":
        level = f"MAPP meeting at level {row.level}" if row.level else "Core group"
        return f"{level}, held on {day(row.held_on)}"
    if kind == "move":
        return f"{'Received into' if row.kind == 'received' else 'Left'} prison, {at}"
    return f"{_FURTHER[kind]}, {at}"


_FURTHER = {
    "booked": "Move booked to another prison",
    "contact": "Contact flagged as imminent risk",
    "sharing": "Sharing with a department of the prison",
    "rotl": "Check before temporary release",
    "check": "Record check by an SPO",
}


def facts_changed(work: Work, merge: Merge) -> list[str]:
    """What somebody changed of the summary: no row that could be assigned, and it stays with the record that stayed."""
    found = select(Change.fields).where(
        Change.nominal_id == merge.nominal_id, Change.at >= merge.decided_at, Change.act != "merged"
    )
    fields = {name for names in work.session.scalars(found) for name in names}
    return sorted(LABELS[name] for name in fields & LABELS.keys())


def waiting_for(work: Work, nominal_id: UUID) -> list[UUID]:
    """Of which subjects facts were told that still wait for somebody of this record."""
    return [
        subject
        for one in occasions()
        if hasattr(one.id.class_, "nominal_id")
        for subject in work.session.scalars(
            one.waiting.with_only_columns(one.id).where(one.id.class_.nominal_id == nominal_id)
        )
    ]


def assign(work: Work, merge: Merge, keys: Sequence[str]) -> int:
    """Give these to the record that comes back. Raises Invalid for what was not added since."""
    known = {one.key for one in added_since(work, merge)}
    if set(keys) - known:
        raise Invalid({"assign": ["Choose from what was added since"]})
    for key in dict.fromkeys(keys):
        kind, _, id = key.partition(":")
        table = _KINDS[kind][0]
        _give(work, merge, table, table.id == UUID(id))
    return len(set(keys))


def follow_entries(work: Work, merge: Merge) -> None:
    """What was added since to an entry that went back (a file, a correction, a request to update it) goes with it.

    All that came to the other record so is its own from now on, under its key: nothing of it needs this record's.
    """
    while sum(_follow(work, merge, *one) for one in _ALONG):  # a correction may be corrected
        pass
    work.session.expire_all()
    own_rows(work, merge.gone_id, merge.nominal_id)
    work.session.expire_all()
    _own_files(work, merge)


def _follow(work: Work, merge: Merge, theirs: Any, named: Any) -> int:
    back = select(named).where(named.class_.nominal_id == merge.gone_id, named.is_not(None))
    return _give(work, merge, theirs.class_, theirs.in_(back))


def _give(work: Work, merge: Merge, table: Any, which: Any) -> int:
    moved = update(table).where(table.nominal_id == merge.nominal_id, which)
    done: Any = work.session.execute(
        moved.values(nominal_id=merge.gone_id), execution_options={"synchronize_session": False}
    )
    return int(done.rowcount)


def _own_files(work: Work, merge: Merge) -> None:
    """Files of its entries that came since, and the pictures of them."""
    attached = select(AttachedFile.entry_id).where(
        AttachedFile.nominal_id == merge.gone_id, AttachedFile.added_at >= merge.decided_at
    )
    changed = select(Entry).where(
        Entry.nominal_id == merge.gone_id, (Entry.changed_at >= merge.decided_at) | Entry.id.in_(attached)
    )
    files = {id for entry in work.session.scalars(changed).all() for id in file_ids(work, entry)}
    drawn = select(Preview).where(Preview.file_id.in_(files)).with_for_update()
    for preview in work.session.scalars(drawn).all():
        preview.nominal_id = preview.origin_nominal_id = merge.gone_id
        files |= {UUID(one) for one in preview.pictures}
    work.session.flush()
    belongs_to(work, files, merge.gone_id)
