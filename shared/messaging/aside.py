"""Messages that could not be handled: kept for another try, or given up with the reason."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.messaging.tables import SpineTables

MOST_ATTEMPTS = 5
# With the growing pause between them some two days: longer than a service that is waited for may be away.
MOST_WAITS = 600
_LONGEST_PAUSE_SECONDS = 300
# As after six tries, 32 s: longer than a handler may take.
_PUT_OFF = 6


@dataclass(frozen=True, slots=True)
class Kept:
    """`attempts` counts the one that is about to be made."""

    message_id: UUID
    body: bytes
    attempts: int


def count_attempt(session: Session, tables: SpineTables, message_id: UUID) -> int:
    """Notes that a message is about to be tried once more; returns which attempt that is."""
    table = tables.inbox_retry
    first = insert(table).values(message_id=message_id, attempts=1)
    counted = first.on_conflict_do_update(
        index_elements=[table.c.message_id], set_={"attempts": table.c.attempts + 1}
    )
    attempts: int = session.execute(counted.returning(table.c.attempts)).scalar_one()
    return attempts


def keep(
    session: Session,
    tables: SpineTables,
    message_id: UUID,
    body: bytes,
    reason: str,
    *,
    waits: bool = False,
    counted: bool = False,
) -> bool:
    """Keeps a message for another try after a growing pause, or buries it when it had enough; true when
    buried.

    `waits`: it asked for later (`Later`) and did nothing wrong. `counted`: this attempt was counted before
    it began.
    """
    table = tables.inbox_retry
    attempts, waits_more = int(not waits) - int(counted), int(waits)
    first = insert(table).values(
        message_id=message_id, body=body, reason=reason, attempts=attempts, waits=waits_more, due_at=_after(1)
    )
    again = {
        "body": body,
        "reason": reason,
        "attempts": table.c.attempts + attempts,
        "waits": table.c.waits + waits_more,
        "due_at": _after(table.c.attempts + table.c.waits + attempts + waits_more),
    }
    kept = first.on_conflict_do_update(index_elements=[table.c.message_id], set_=again)
    row = session.execute(kept.returning(table.c.attempts, table.c.waits)).one()
    if row.attempts < MOST_ATTEMPTS and row.waits < MOST_WAITS:
        return False
    bury(session, tables, message_id, body, reason, attempts=row.attempts)
    return True


def claim_due(session: Session, tables: SpineTables, limit: int) -> list[Kept]:
    """What is due for another try, that attempt counted; put off at once, so that nobody else takes it
    meanwhile.
    """
    table = tables.inbox_retry
    due = (
        select(table.c.message_id)
        .where(table.c.body.is_not(None), table.c.due_at <= func.now())
        .order_by(table.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = update(table).where(table.c.message_id.in_(due))
    counted = taken.values(attempts=table.c.attempts + 1, due_at=_after(_PUT_OFF))
    rows = session.execute(
        counted.returning(table.c.message_id, table.c.body, table.c.attempts, table.c.first_at)
    )
    in_order = sorted(rows, key=lambda row: row.first_at)
    return [Kept(row.message_id, row.body, row.attempts) for row in in_order]


def forget(session: Session, tables: SpineTables, message_ids: Sequence[UUID]) -> None:
    table = tables.inbox_retry
    session.execute(delete(table).where(table.c.message_id.in_(message_ids)))


def bury(
    session: Session, tables: SpineTables, message_id: UUID, body: bytes, reason: str, *, attempts: int
) -> None:
    """Puts a message among the dead letters, where it is kept until somebody replays it."""
    table = tables.dead_letter
    values = {"body": body, "reason": reason, "attempts": attempts, "type": _type(body)}
    row = insert(table).values(message_id=message_id, **values)
    again = {**values, "dead_at": func.now(), "replayed_at": None}
    session.execute(row.on_conflict_do_update(index_elements=[table.c.message_id], set_=again))
    forget(session, tables, [message_id])


def _after(tries: Any) -> ColumnElement[datetime]:
    """1, 2, 4 … seconds from now, five minutes at most."""
    seconds = func.least(func.power(2, func.least(tries, 12) - 1), _LONGEST_PAUSE_SECONDS)
    return func.now() + func.make_interval(0, 0, 0, 0, 0, 0, seconds)


def _type(body: bytes) -> str | None:
    try:
        return str(json.loads(body)["type"])
    except (ValueError, KeyError, TypeError):
        return None
