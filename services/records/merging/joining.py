"""The merge itself, and its undoing: rows, names, facts, and who is told; the caller holds both nominals' rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from services.records.access.authorise import facts
from services.records.access.concerned import concerned
from services.records.access.models import Opening
from services.records.access.picture import standing_changed
from services.records.access.record import Record
from services.records.access.told import agencies_told
from services.records.archiving import readiness
from services.records.attachments.models import Entry
from services.records.merging import since
from services.records.merging.markers import markers_of, part_markers
from services.records.merging.models import KEPT, Merge
from services.records.merging.names import join_names, part_names
from services.records.merging.rules import COLUMNS, chosen_columns
from services.records.nominals.history import note_change
from services.records.nominals.keepers import merge_rows, unmerge_rows
from services.records.nominals.models import Nominal
from shared.events.records.merging import NOMINAL_MERGED, NOMINAL_UNMERGED
from shared.events.records.nominals import NOMINAL_CHANGED
from shared.events.registry import EventKind
from shared.messaging.crash_points import crash_point
from shared.time.periods import due
from shared.work import NOBODY, Concerned, Work


@dataclass(frozen=True)
class Pair:
    """Both rows, locked."""

    into: Nominal
    gone: Nominal


def pair_of(work: Work, merge: Merge) -> Pair:
    into, gone = (
        work.session.get_one(Nominal, one, populate_existing=True)
        for one in (merge.nominal_id, merge.gone_id)
    )
    return Pair(into, gone)


def carry_out(work: Work, merge: Merge, reason: str) -> None:
    """Whoever was to agree has."""
    merge.state, merge.decided_by, merge.decided_at = "merged", work.principal.person_id, work.now
    period = work.policy.period("merging.reversible_for", work.today)
    merge.undo_until = due(work.now, period, "ENG").day
    join(work, merge, pair_of(work, merge), reason)


def join(work: Work, merge: Merge, pair: Pair, reason: str) -> None:
    """Everything of `gone` is `into`'s from now on; its number leads there (PF-4.16m)."""
    into, gone = pair.into, pair.gone
    told = _told(work, pair)
    readiness.forget(work, facts(work, gone.id))
    kept: dict[str, Any] = {
        "status": gone.status,
        "limited": [into.limited_access, gone.limited_access],
        "slots": _slots(work, gone.id),
        "markers": {"into": markers_of(work, into.id), "gone": markers_of(work, gone.id)},
    }
    counts = merge_rows(work, gone.id, into.id)
    crash_point("merging.rows_moved")
    kept["names"] = join_names(work, pair.into.id, gone.id, take=merge.choices.get("name") == "gone")
    kept["values"] = _take(into, gone, merge.choices)
    into.limited_access = into.limited_access or gone.limited_access
    gone.status, gone.merged_into_id = "merged", into.id
    _changed(work, into, gone)
    changed = {name: (old, new) for name, (old, new) in kept["values"].items()}
    note_change(
        work, into.id, "merged", {"merged": (None, gone.visor_number)} | changed, reason=reason or None
    )
    work.session.execute(delete(Opening).where(Opening.nominal_id == gone.id))
    merge.kept = work.runtime.encrypt(merge.origin_nominal_id, KEPT, json.dumps(kept, default=str))
    work.concerns(subject=("merge", merge.id), nominal_id=into.id, moved=counts)
    _tell(work, NOMINAL_MERGED, merge, pair, told)
    readiness.look(work, facts(work, into.id))


def part(work: Work, merge: Merge, pair: Pair, reason: str) -> list[str]:
    """Each record is what it was; the facts that were changed since stay, and are named in the answer."""
    into, gone = pair.into, pair.gone
    kept = json.loads(work.runtime.decrypt(merge.origin_nominal_id, KEPT, merge.kept or b""))
    gone.status, gone.merged_into_id = kept["status"], None
    work.session.flush()
    counts = unmerge_rows(work, into.id, gone.id, origins_of(work, gone.id))
    part_names(work, into.id, gone.id, kept["names"])
    since.follow_entries(work, merge)
    crash_point("merging.rows_returned")
    _put_slots(work, gone.id, kept["slots"])
    part_markers(work, into.id, gone.id, kept["markers"])
    changed, stayed = _give_back(into, kept["values"])
    was, theirs = kept["limited"]
    if theirs and not was:
        into.limited_access = False
    _changed(work, into, gone)
    note = {"merged": (gone.visor_number, None)} | changed
    note_change(work, into.id, "unmerged", note, reason=reason)
    work.concerns(subject=("merge", merge.id), nominal_id=into.id, moved=counts, stayed=stayed)
    waiting = since.waiting_for(work, gone.id)
    _tell(work, NOMINAL_UNMERGED, merge, pair, _told(work, pair), waiting=waiting)
    for one in (into, gone):
        readiness.look(work, facts(work, one.id))
    return stayed


def origins_of(work: Work, nominal_id: UUID) -> list[UUID]:
    """The record, and those that were merged into it and are still: their rows came with it."""
    found, asked = [nominal_id], [nominal_id]
    while asked:
        below = select(Nominal.id).where(Nominal.merged_into_id.in_(asked))
        asked = [one for one in work.session.scalars(below) if one not in found]
        found += asked
    return found


def _changed(work: Work, *nominals: Nominal) -> None:
    for one in nominals:
        one.changed_at, one.changed_by = work.now, work.principal.person_id
    work.session.flush()


def _take(into: Nominal, gone: Nominal, choices: Mapping[str, str]) -> dict[str, tuple[Any, Any]]:
    """Column → (before, after), of the facts that are taken from the record that goes."""
    taken = {}
    for column in chosen_columns(choices):
        before, after = getattr(into, column), getattr(gone, column)
        if before != after:
            taken[column] = (before, after)
            setattr(into, column, after)
    return taken


def _give_back(into: Nominal, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What still is as the merge left it goes back; what somebody changed since stays."""
    changed, stayed = {}, []
    for column in COLUMNS:
        if column not in values:
            continue
        before, after = (_plain(column, one) for one in values[column])
        if getattr(into, column) != after:
            stayed.append(column)
            continue
        changed[column] = (after, before)
        setattr(into, column, before)
    return changed, stayed


def _plain(column: str, kept: Any) -> Any:
    """As the column holds it; JSON keeps days and ids as text."""
    if kept is None:
        return None
    if column in {"date_of_birth", "risk_since", "custody_since"}:
        return date.fromisoformat(kept)
    return UUID(kept) if column in {"pom_id", "com_id"} else kept


def _slots(work: Work, nominal_id: UUID) -> dict[str, str]:
    """The places of entries of which there can be one: of two the merge leaves the other's."""
    found = select(Entry.id, Entry.slot).where(Entry.nominal_id == nominal_id, Entry.slot.is_not(None))
    return {str(row.id): row.slot for row in work.session.execute(found)}


def _put_slots(work: Work, nominal_id: UUID, slots: Mapping[str, str]) -> None:
    """As far as nothing that was assigned to the record has the place now."""
    held = select(Entry.folder, Entry.slot).where(
        Entry.nominal_id == nominal_id, Entry.slot.is_not(None), Entry.state == "current"
    )
    taken = {(row.folder, row.slot) for row in work.session.execute(held)}
    found = select(Entry).where(
        Entry.nominal_id == nominal_id,
        Entry.id.in_([UUID(one) for one in slots]),
        Entry.slot.is_(None),
        Entry.state == "current",
    )
    for entry in work.session.scalars(found):
        if (entry.folder, slots[str(entry.id)]) not in taken:
            entry.slot = slots[str(entry.id)]
    work.session.flush()


def _told(work: Work, pair: Pair) -> tuple[list[Concerned], list[str]]:
    """Who looks after either, and every agency with somebody who stands to either."""
    people: list[Concerned] = []
    agencies: set[str] = set()
    for one in (pair.into, pair.gone):
        record = facts(work, one.id)
        people += concerned(work, record, "manager", "supervisor", "cpc")
        agencies |= set(agencies_told(work.session, record))
    own = {work.principal.person_id, NOBODY}
    unique = {one.person_id: one for one in reversed(people) if one.person_id not in own}
    return list(unique.values()), sorted(agencies)


def _tell(
    work: Work,
    kind: EventKind,
    merge: Merge,
    pair: Pair,
    told: tuple[list[Concerned], list[str]],
    **more: list[UUID],
) -> None:
    people, agencies = told
    data = {"nominal_id": pair.into.id, "gone_id": pair.gone.id, "merge_id": merge.id, **more}
    work.emit(kind, data, aggregate=("nominal", pair.into.id), to=people, agencies=agencies)
    for one in (pair.gone, pair.into):
        version = standing_changed(work, facts(work, one.id))
        if one.status != "merged":
            _tell_changed(work, facts(work, one.id), version)


def _tell_changed(work: Work, record: Record, version: int) -> None:
    data = {"nominal_id": record.id, "what": "summary", "standing_version": version}
    told = agencies_told(work.session, record)
    work.emit(NOMINAL_CHANGED, data, aggregate=("nominal", record.id), agencies=told)
