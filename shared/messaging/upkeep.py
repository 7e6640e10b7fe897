"""Keeping the spine's tables in bounds, and saying everything again to a service that was restored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, select, update
from sqlalchemy.orm import Session

from shared.events import registry
from shared.messaging.outbox import RING
from shared.messaging.participant import Participant
from shared.messaging.tables import SpineTables

OUTBOX_KEPT = timedelta(days=90)
# Longer than the outbox, so that nothing that is said again can count twice.
INBOX_KEPT = timedelta(days=180)
TASKS_KEPT = timedelta(days=90)
_AT_ONCE = 5_000


def republish(session: Session, tables: SpineTables, since: datetime, kinds: Iterable[str] = ()) -> int:
    """Lets the relay publish again whatever was written since then, under the same ids, so that whoever has
    it ignores it. Returns how many facts.
    """
    outbox = tables.outbox
    chosen = (outbox.c.created_at >= since) & outbox.c.published_at.is_not(None)
    if names := list(kinds):
        chosen &= outbox.c.kind.in_(names)
    anew: dict[str, Any] = {
        "published_at": None,
        "taken": [],
        "attempts": 0,
        "next_attempt_at": None,
        "waiting_since": func.now(),
    }
    again = update(outbox).where(chosen).values(anew)
    count = len(session.execute(again.returning(outbox.c.sequence)).all())
    session.info[RING] = True
    return count


def purge(participant: Participant) -> int:
    """Deletes what is past its time, in small transactions; returns how many rows. Never what is not yet
    done.
    """
    tables = participant.tables
    outbox, inbox, task = tables.outbox, tables.inbox, tables.task
    old = [
        (
            outbox,
            outbox.c.sequence,
            outbox.c.published_at.is_not(None)
            & (outbox.c.created_at < _ago(OUTBOX_KEPT))
            & outbox.c.kind.not_in(_for_good()),
        ),
        (inbox, inbox.c.message_id, inbox.c.received_at < _ago(INBOX_KEPT)),
        (task, task.c.id, task.c.finished_at < _ago(TASKS_KEPT)),
    ]
    return sum(_delete_all(participant, table, key, condition) for table, key, condition in old)


def _for_good() -> list[str]:
    return [kind.name for kind in registry.kinds() if kind.for_good]


def _ago(time: timedelta) -> ColumnElement[datetime]:
    return func.now() - time


def _delete_all(
    participant: Participant, table: Table, key: ColumnElement[object], condition: ColumnElement[bool]
) -> int:
    total = 0
    while True:
        some = select(key).where(condition).limit(_AT_ONCE).with_for_update(skip_locked=True)
        with participant.session() as session:
            gone = len(session.execute(delete(table).where(key.in_(some)).returning(key)).all())
            session.commit()
        total += gone
        if gone < _AT_ONCE:
            return total
