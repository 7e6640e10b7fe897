"""What could not be handled, for the operator: list, show, replay."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.messaging.tables import SpineTables


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """`body` is the message as it came; it holds identifiers, no names."""

    message_id: UUID
    type: str | None
    reason: str
    attempts: int
    dead_at: datetime
    replayed_at: datetime | None
    body: bytes

    def readable(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return self.body.decode(errors="backslashreplace")


def listed(
    session: Session, tables: SpineTables, *, replayed: bool = False, limit: int = 100
) -> list[DeadLetter]:
    """Newest first; those already replayed only when asked for."""
    table = tables.dead_letter
    query = select(table).order_by(table.c.dead_at.desc()).limit(limit)
    if not replayed:
        query = query.where(table.c.replayed_at.is_(None))
    return [_letter(row) for row in session.execute(query)]


def shown(session: Session, tables: SpineTables, message_id: UUID) -> DeadLetter | None:
    table = tables.dead_letter
    row = session.execute(select(table).where(table.c.message_id == message_id)).one_or_none()
    return _letter(row) if row else None


def replay(session: Session, tables: SpineTables, message_id: UUID | None = None) -> int:
    """Hands one dead letter, or all, back for another five attempts, counted anew; returns how many."""
    table, kept = tables.dead_letter, tables.inbox_retry
    open_ = table.c.replayed_at.is_(None)
    chosen = open_ if message_id is None else open_ & (table.c.message_id == message_id)
    noted = update(table).where(chosen).values(replayed_at=func.now())
    letters = session.execute(noted.returning(table.c.message_id, table.c.body, table.c.reason)).all()
    for letter in letters:
        again = {
            "body": letter.body,
            "reason": letter.reason,
            "attempts": 0,
            "waits": 0,
            "due_at": func.now(),
        }
        row = insert(kept).values(message_id=letter.message_id, **again)
        session.execute(row.on_conflict_do_update(index_elements=[kept.c.message_id], set_=again))
    return len(letters)


def _letter(row: Any) -> DeadLetter:
    return DeadLetter(
        row.message_id, row.type, row.reason, row.attempts, row.dead_at, row.replayed_at, bytes(row.body)
    )
