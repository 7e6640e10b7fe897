"""Items raised in a transaction, written in one statement before it commits: a batch of facts is some hundred items."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from services.notifications.delivery.letters import write_urgent
from services.notifications.todo.models import TodoItem
from services.notifications.todo.task import Task
from shared.events.notifications import TODO_CREATED
from shared.many_rows import ManyRows
from shared.work import Work

_ROWS = "visor.todo.pending"
_KEY = ("person_id", "cause", "kind")
_OWN = ("id", "person_id", "role", "unit", "raised_at")
_TOLD = ("id", "kind", "person_id", "important")
_FRESH = ManyRows(TodoItem.__table__, (*Task.__slots__, *_OWN), known_by=_KEY, returning=_TOLD)


def add(work: Work, rows: list[dict[str, Any]]) -> None:
    """Keep these rows for the write; one that the person has already is left out then."""
    info = work.session.info
    if _ROWS not in info:
        info[_ROWS] = []
        event.listen(work.session, "before_commit", lambda _session: write(work))
    info[_ROWS].extend(rows)


def write(work: Work) -> None:
    """Before anything reads or changes items, and before the commit (a savepoint's too). Tells of the new ones."""
    rows = work.session.info.get(_ROWS)
    if not rows:
        return
    # In one order, so that two who write the same at once wait for each other and never in a ring.
    rows.sort(key=lambda row: [str(row[name]) for name in _KEY])
    made = _FRESH.write(work.session, rows)
    rows.clear()
    if made:
        items = [{"item_id": item_id, "kind": kind} for item_id, kind, _person, _important in made]
        write_urgent(
            work, [(item_id, person, kind) for item_id, kind, person, important in made if important]
        )
        work.emit(TODO_CREATED, {"items": items}, aggregate=("todo_item", made[0][0]))


def discard(work: Work) -> None:
    """After a savepoint was undone: what was raised in it is not raised."""
    work.session.info.get(_ROWS, []).clear()
