"""What was added to a merged record since: it stays there when the merge is undone, unless the CPC assigns it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from services.records.activity_log.models import Entry as LogEntry
from services.records.activity_log.models import Need
from services.records.activity_log.rules import KINDS
from services.records.attachment_files.models import AttachedFile
from services.records.attachments.catalogue import catalogue
from services.records.attachments.models import Entry, Reveal, Version
from services.records.custody.models import Movement
from services.records.meetings.models import Meeting
from services.records.merging.models import Merge
from services.records.nominals.models import Nominal
from services.records.risk.models import RiskAssessment
from services.records.search.models import KnownName, SearchKey
from shared.refusals import Invalid
from shared.web.display import when
from shared.work import Work

MOST = 500


@dataclass(frozen=True, slots=True)
class Added:
    """`key` names it in the form: its kind and id."""

    key: str
    text: str
    at: datetime


# Kind → its table, when it was added, and the tables whose rows go along, by the column that names it.
_KINDS: dict[str, tuple[Any, Any, tuple[tuple[Any, Any], ...]]] = {
    "log": (LogEntry, LogEntry.at, ((Need, Need.entry_id),)),
    "attachment": (
        Entry,
        Entry.entered_at,
        (
            (Version, Version.entry_id),
            (Reveal, Reveal.entry_id),
            (RiskAssessment, RiskAssessment.entry_id),
            (AttachedFile, AttachedFile.entry_id),
            (SearchKey, SearchKey.source_id),
            (KnownName, KnownName.source_id),
        ),
    ),
    "meeting": (Meeting, Meeting.entered_at, ()),
    "move": (Movement, Movement.at, ()),
}


def added_since(work: Work, merge: Merge) -> list[Added]:
    """Oldest first."""
    found = [one for kind in _KINDS for one in _of_kind(work, merge, kind)]
    return sorted(found, key=lambda one: one.at)[:MOST]


def _of_kind(work: Work, merge: Merge, kind: str) -> list[Added]:
    rows = work.session.scalars(_wanted(merge, kind).limit(MOST)).all()
    at = _KINDS[kind][1].key
    return [Added(f"{kind}:{row.id}", _said(kind, row), getattr(row, at)) for row in rows]


def _wanted(merge: Merge, kind: str) -> Any:
    table, at, _ = _KINDS[kind]
    return select(table).where(
        table.nominal_id == merge.nominal_id,
        table.origin_nominal_id == merge.nominal_id,
        at >= merge.decided_at,
    )


def _said(kind: str, row: Any) -> str:
    if kind == "log":
        return f"Activity log, {KINDS[row.kind].lower()}, {when(row.at)}"
    if kind == "attachment":
        return f"{catalogue()[row.folder].title}, {when(row.entered_at)}"
    if kind == "meeting":
        return f"MAPP meeting at level {row.level}, held on {row.held_on:%-d %B %Y}"
    return f"{'Received into' if row.kind == 'received' else 'Left'} prison, {when(row.at)}"


def assign(work: Work, merge: Merge, keys: Sequence[str]) -> int:
    """Give these to the record that comes back. Raises Invalid for what was not added since."""
    known = {one.key for one in added_since(work, merge)}
    if set(keys) - known:
        raise Invalid({"assign": ["Choose from what was added since"]})
    for key in dict.fromkeys(keys):
        kind, _, id = key.partition(":")
        table, _, along = _KINDS[kind]
        _give(work, merge, table, table.id == UUID(id))
        for other, column in along:
            _give(work, merge, other, column == UUID(id))
    return len(set(keys))


def sealed_elsewhere(work: Work, nominal_id: UUID) -> list[str]:
    """Records in which entries lie that were assigned out of this one: they can be read with its key alone."""
    undone = select(Merge.gone_id).where(Merge.nominal_id == nominal_id, Merge.state == "undone")
    others = set(work.session.scalars(undone))
    tables = {table for table, _, along in _KINDS.values() for table in (table, *(one for one, _ in along))}
    held: set[UUID] = set()
    for table in tables if others else ():
        found = select(table.nominal_id).where(
            table.nominal_id.in_(others), table.origin_nominal_id == nominal_id
        )
        held |= set(work.session.scalars(found.distinct()))
    numbers = select(Nominal.visor_number).where(Nominal.id.in_(held)).order_by(Nominal.visor_number)
    return list(work.session.scalars(numbers))


def follow_entries(work: Work, merge: Merge) -> None:
    """What was added since to an entry that went back (a file, a request to update it) goes with its entry."""
    for table, _, along in _KINDS.values():
        back = select(table.id).where(table.nominal_id == merge.gone_id)
        for other, column in along:
            _give(work, merge, other, column.in_(back))


def _give(work: Work, merge: Merge, table: Any, which: Any) -> None:
    moved = update(table).where(table.nominal_id == merge.nominal_id, which)
    work.session.execute(
        moved.values(nominal_id=merge.gone_id), execution_options={"synchronize_session": False}
    )
