"""Two records became one, or two again: open items and deadlines go along (PF-4.16m)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from services.notifications.deadlines.models import Clock
from services.notifications.service import service
from services.notifications.todo.models import MergedRow, TodoItem
from shared.events.envelope import Event
from shared.events.records.merging import NOMINAL_MERGED, NOMINAL_UNMERGED
from shared.work import Work

_TABLES: dict[str, Any] = {"item": TodoItem, "clock": Clock}
_QUIETLY = {"synchronize_session": False}


@service.on(NOMINAL_MERGED)
def when_merged(work: Work, event: Event) -> None:
    """What the record that went had is noted, so that it can be given back. The fact itself raises its items later."""
    told = NOMINAL_MERGED.load(event.data)
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
        work.session.execute(insert(MergedRow), rows)


@service.on(NOMINAL_UNMERGED)
def when_undone(work: Work, event: Event) -> None:
    """What came from the record that is back goes back; what was raised since stays."""
    told = NOMINAL_UNMERGED.load(event.data)
    for kind, table in _TABLES.items():
        noted = select(MergedRow.row_id).where(MergedRow.merge_id == told["merge_id"], MergedRow.kind == kind)
        back = update(table).where(table.id.in_(noted), table.nominal_id == told["nominal_id"])
        work.session.execute(back.values(nominal_id=told["gone_id"]), execution_options=_QUIETLY)
