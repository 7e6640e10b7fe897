"""Items raised in a transaction, written in one statement before it commits: a batch of facts is some hundred items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import event

from services.notifications.delivery.letters import write_urgent
from services.notifications.todo.kinds import has_receipt
from services.notifications.todo.models import TodoItem
from services.notifications.todo.rules import HIDDEN, OWN_CONFLICT
from services.notifications.todo.standings import closed_of
from services.notifications.todo.task import Task
from shared.events.notifications import NOTICE_DELIVERED, TODO_CREATED
from shared.many_rows import ManyRows
from shared.work import Work

_ROWS = "visor.todo.pending"
_KEY = ("person_id", "cause", "kind")
_OWN = ("id", "person_id", "role", "unit", "stands_in_for", "raised_at")
_TOLD = ("id", "kind", "person_id", "important")
_RECEIPT = ("role", "subject_kind", "subject_id")
_FRESH = ManyRows(TodoItem.__table__, (*Task.__slots__, *_OWN), known_by=_KEY, returning=(*_TOLD, *_RECEIPT))


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
    _hide_closed(work, rows)
    made = _FRESH.write(work.session, rows)
    rows.clear()
    if made:
        items = [{"item_id": item_id, "kind": kind} for item_id, kind, *_ in made]
        write_urgent(
            work, [(item_id, person, kind) for item_id, kind, person, important, *_ in made if important]
        )
        work.emit(TODO_CREATED, {"items": items}, aggregate=("todo_item", made[0][0]))
        _give_receipts(work, [row for row in made if has_receipt(row[1])])


def _hide_closed(work: Work, rows: list[dict[str, Any]]) -> None:
    """Whoever declared a conflict of interest is told that something is there, in whatever part they come to it."""
    told = {row["nominal_id"] for row in rows if row["detail"] != "restricted"} - {None}
    closed = closed_of(work.session, told)
    for row in rows:
        if (row["nominal_id"], row["person_id"]) in closed and row["role"] != OWN_CONFLICT:
            row.update(HIDDEN)


def _give_receipts(work: Work, made: Sequence[Any]) -> None:
    """Once for each thing told, with everybody on whose list it has come."""
    by_subject: dict[tuple[str, str, UUID], list[dict[str, Any]]] = {}
    for _item, kind, person, _important, role, *subject in made:
        of = (kind, subject[0], subject[1])
        by_subject.setdefault(of, []).append({"person_id": person, "role": role})
    for (kind, subject_kind, subject_id), people in by_subject.items():
        data = {"kind": kind, "subject_kind": subject_kind, "subject_id": subject_id, "people": people}
        work.emit(NOTICE_DELIVERED, data, aggregate=(subject_kind, subject_id))


def discard(work: Work) -> None:
    """After a savepoint was undone: what was raised in it is not raised."""
    work.session.info.get(_ROWS, []).clear()
