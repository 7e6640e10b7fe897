"""Two records became one, or two again: open items and deadlines go along (PF-4.16m)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from services.notifications.deadlines.models import Clock
from services.notifications.service import service
from services.notifications.todo.models import MergedNominal, MergedRow, TodoItem
from services.notifications.todo.standings import lock_states
from shared.events.envelope import Event
from shared.events.records.merging import NOMINAL_MERGED, NOMINAL_UNMERGED
from shared.work import Work

_TABLES: dict[str, Any] = {"item": TodoItem, "clock": Clock}
_QUIETLY = {"synchronize_session": False}


@service.on(NOMINAL_MERGED)
def when_merged(work: Work, event: Event) -> None:
    """What the record that went had is noted, so that it can be given back. The fact itself raises its items later."""
    told = NOMINAL_MERGED.load(event.data)
    lock_states(work, [told["gone_id"]])
    step = {"gone_id": told["gone_id"], "into_id": told["nominal_id"], "merge_id": told["merge_id"]}
    work.session.execute(insert(MergedNominal).values(step).on_conflict_do_nothing())
    for kind, table in _TABLES.items():
        theirs = update(table).where(table.nominal_id == told["gone_id"])
        if kind == "item":
            theirs = theirs.where(TodoItem.state == "open")  # what is done has its note under their key
        moved = theirs.values(nominal_id=told["nominal_id"]).returning(table.id)
        ids = list(work.session.execute(moved, execution_options=_QUIETLY).scalars())
        _note(work, told["merge_id"], kind, ids)


def _note(work: Work, merge_id: UUID, kind: str, ids: list[UUID]) -> None:
    if ids:
        rows = [{"merge_id": merge_id, "kind": kind, "row_id": one} for one in ids]
        work.session.execute(insert(MergedRow).on_conflict_do_nothing(), rows)


def merges_of(work: Work, nominals: Collection[UUID]) -> dict[UUID, MergedNominal]:
    """By the record that went, the merges through which these became others; none begins or ends before this does."""
    found: dict[UUID, MergedNominal] = {}
    while nominals:
        lock_states(work, nominals)
        steps = work.session.execute(
            select(MergedNominal).where(MergedNominal.gone_id.in_(nominals))
        ).scalars()
        here = {step.gone_id: step for step in steps}
        found |= here
        nominals = {step.into_id for step in here.values()} - found.keys()
    return found


def follow(work: Work, item: TodoItem, merges: Mapping[UUID, MergedNominal]) -> None:
    """Whose task it is now, as with those that were open then; an undoing gives it back."""
    while item.nominal_id is not None and (step := merges.get(item.nominal_id)):
        item.nominal_id = step.into_id
        _note(work, step.merge_id, "item", [item.id])


@service.on(NOMINAL_UNMERGED)
def when_undone(work: Work, event: Event) -> None:
    """What came from the record that is back goes back; what was raised since stays."""
    told = NOMINAL_UNMERGED.load(event.data)
    lock_states(work, [told["gone_id"]])
    work.session.execute(delete(MergedNominal).where(MergedNominal.merge_id == told["merge_id"]))
    for kind, table in _TABLES.items():
        noted = select(MergedRow.row_id).where(MergedRow.merge_id == told["merge_id"], MergedRow.kind == kind)
        back = update(table).where(table.id.in_(noted), table.nominal_id == told["nominal_id"])
        work.session.execute(back.values(nominal_id=told["gone_id"]), execution_options=_QUIETLY)
