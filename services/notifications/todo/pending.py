"""Items raised in a transaction, written in one statement before it commits: a batch of facts is some hundred items."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects.postgresql import insert

from services.notifications.delivery.letters import write_urgent
from services.notifications.todo.models import TodoItem
from shared.events.notifications import TODO_CREATED
from shared.work import Work

_ROWS = "visor.todo.pending"
_KEY = ("person_id", "cause", "kind")


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
    columns = (TodoItem.id, TodoItem.kind, TodoItem.person_id, TodoItem.important)
    fresh = insert(TodoItem).on_conflict_do_nothing(index_elements=_KEY).returning(*columns)
    # In one order, so that two who write the same at once wait for each other and never in a ring.
    rows.sort(key=lambda row: [str(row[name]) for name in _KEY])
    made = work.session.connection().execute(fresh, rows).all()
    rows.clear()
    if made:
        items = [{"item_id": row.id, "kind": row.kind} for row in made]
        write_urgent(work, [(row.id, row.person_id, row.kind) for row in made if row.important])
        work.emit(TODO_CREATED, {"items": items}, aggregate=("todo_item", made[0].id))


def discard(work: Work) -> None:
    """After a savepoint was undone: what was raised in it is not raised."""
    work.session.info.get(_ROWS, []).clear()
