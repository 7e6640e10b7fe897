"""Tasks that were given up: listed for the operator, and tried anew by the operator or by whose job it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from shared.messaging.outbox import RING
from shared.messaging.tables import SpineTables


@dataclass(frozen=True, slots=True)
class GivenUp:
    """`reason` is of the last try."""

    id: UUID
    name: str
    reason: str
    finished_at: datetime


def listed(session: Session, tables: SpineTables, *, limit: int = 100) -> list[GivenUp]:
    """Newest first."""
    task = tables.task.c
    columns = select(task.id, task.name, task.last_error, task.finished_at).where(task.state == "failed")
    found = session.execute(columns.order_by(task.finished_at.desc()).limit(limit))
    return [GivenUp(row.id, row.name, row.last_error or "", row.finished_at) for row in found]


def is_given_up(session: Session, tables: SpineTables, name: str, key: str) -> bool:
    found = select(tables.task.c.id).where(_by_key(tables, name, key), tables.task.c.state == "failed")
    return session.execute(found).first() is not None


def try_again(
    session: Session,
    tables: SpineTables,
    *,
    task_id: UUID | None = None,
    by_key: tuple[str, str] | None = None,
) -> int:
    """Hands one task (by its id, or its name and key), or all, back for another five attempts; returns how many.

    A bulk job goes on behind what it had committed. Of two who ask at one moment one hands it back.
    """
    table = tables.task
    chosen: ColumnElement[bool] = table.c.state == "failed"
    if task_id is not None:
        chosen &= table.c.id == task_id
    if by_key is not None:
        chosen &= _by_key(tables, *by_key)
    anew: dict[str, Any] = {
        "state": "waiting",
        "attempts": 0,
        "lapses": 0,
        "due_at": func.now(),
        "nudged_at": None,
        "lease": None,
        "finished_at": None,
    }
    count = len(session.execute(update(table).where(chosen).values(anew).returning(table.c.id)).all())
    session.info[RING] = True
    return count


def _by_key(tables: SpineTables, name: str, key: str) -> ColumnElement[bool]:
    return (tables.task.c.name == name) & (tables.task.c.unique_key == key)
