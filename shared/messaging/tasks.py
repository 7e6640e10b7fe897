"""Work too long for a request: a row in the transaction that asks for it, and one row for each item of a
bulk job.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from shared.ids import new_id
from shared.messaging.outbox import RING
from shared.messaging.tables import SpineTables


def write(
    session: Session,
    tables: SpineTables,
    name: str,
    payload: Mapping[str, Any],
    *,
    due_at: datetime | None = None,
    key: str | None = None,
) -> UUID:
    """Asks for one task, due now or at `due_at`; returns its id. A `key` seen before for this name gives
    the earlier task's id and changes nothing. `payload` holds JSON values.
    """
    table = tables.task
    row: dict[str, Any] = {"id": new_id(), "name": name, "payload": dict(payload), "unique_key": key}
    if due_at is not None:
        row["due_at"] = due_at
    fresh = postgresql.insert(table).values(row).on_conflict_do_nothing().returning(table.c.id)
    written: UUID | None = session.execute(fresh).scalar()
    if written is None:
        same = (table.c.name == name) & (table.c.unique_key == key)
        earlier: UUID = session.execute(select(table.c.id).where(same)).scalar_one()
        return earlier
    session.info[RING] = True
    return written


def write_items(
    session: Session, tables: SpineTables, task_id: UUID, payloads: Iterable[Mapping[str, Any]]
) -> int:
    """Adds what a bulk task is to go through, in this order; once for each task. Returns how many."""
    rows = [
        {"task_id": task_id, "position": position, "payload": dict(payload)}
        for position, payload in enumerate(payloads)
    ]
    if rows:
        session.execute(insert(tables.task_item), rows)
    return len(rows)
