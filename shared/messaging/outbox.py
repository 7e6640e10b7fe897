"""Putting a fact into the outbox, in the transaction of the change that it tells of."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.orm import Session

from shared.events import registry
from shared.events.envelope import Copy, Event
from shared.messaging.crash_points import crash_point
from shared.messaging.tables import SPINE

_INSERT = insert(SPINE.outbox).inline()


def write(session: Session, event: Event, copies: Sequence[Copy], urgent: bool | None = None) -> None:
    """One INSERT. `event.data` holds JSON values (`EventKind.dump`). `urgent` (default: the kind's own)
    only jumps the relay's queue; which of a subscriber's queues a copy goes to is the kind's. Without
    copies it is only a log entry.
    """
    if len({copy.agency for copy in copies}) != len(copies):
        raise ValueError(f"{event.type}: two copies for one agency")
    kind = registry.find(event.type, event.version)
    if kind is None:
        raise ValueError(f"{event.type} v{event.version} is not declared")
    aggregate = event.aggregate
    session.execute(
        _INSERT,
        {
            "id": event.id,
            "kind": event.type,
            "version": event.version,
            "occurred_at": event.occurred_at,
            "aggregate": aggregate
            and {"kind": aggregate.kind, "id": str(aggregate.id), "version": aggregate.version},
            "actor": event.actor,
            "correlation_id": event.correlation_id,
            "data": dict(event.data),
            "copies": [copy.to_row() for copy in copies],
            "urgent": kind.urgent if urgent is None else urgent,
        },
    )
    crash_point("writer.outbox_written")
