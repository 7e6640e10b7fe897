"""Putting a fact into the outbox, in the transaction of the change that it tells of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from shared.events import registry
from shared.events.envelope import Copy, Event
from shared.messaging.crash_points import crash_point
from shared.messaging.tables import SpineTables

RING = "visor.ring"
GIVEN_OUT = ""


def write(
    session: Session,
    tables: SpineTables,
    event: Event,
    copies: Sequence[Copy | Mapping[str, Any]],
    urgent: bool | None = None,
) -> None:
    """One INSERT. `event.data` holds JSON values (`Event.of` sees to that). `urgent` (default: the kind's
    own) only jumps the relay's queue; which of a subscriber's queues a copy goes to is the kind's. Without
    copies it is only a log entry. Raises ValueError for an undeclared kind or an agency named twice.
    """
    kind = registry.find(event.type, event.version)
    if kind is None:
        raise ValueError(f"{event.type} v{event.version} is not declared")
    rows = [copy.to_row() if isinstance(copy, Copy) else dict(copy) for copy in copies]
    if len({row["agency"] for row in rows}) != len(rows):
        raise ValueError(f"{event.type}: two copies for one agency")
    values = {
        "id": event.id,
        "kind": event.type,
        "version": event.version,
        "occurred_at": event.occurred_at,
        "aggregate": event.aggregate and event.aggregate.to_row(),
        "actor": event.actor,
        "correlation_id": event.correlation_id,
        "data": dict(event.data),
        "copies": rows,
        "urgent": kind.urgent if urgent is None else urgent,
    }
    session.execute(insert(tables.outbox).inline(), values)
    session.info[RING] = True
    crash_point("writer.outbox_written")


def next_version(session: Session, tables: SpineTables, aggregate: tuple[str, UUID]) -> int:
    """The aggregate's version after this change, from 1. Whoever changes the same one meanwhile waits for
    our commit, so that versions and commits have one order.
    """
    table = tables.aggregate_version
    kind, id_ = aggregate
    first = postgresql.insert(table).values(handler=GIVEN_OUT, agency="", kind=kind, id=id_, version=1)
    key = [table.c.handler, table.c.agency, table.c.kind, table.c.id]
    counted = first.on_conflict_do_update(index_elements=key, set_={"version": table.c.version + 1})
    version: int = session.execute(counted.returning(table.c.version)).scalar_one()
    return version


def take_ring(session: Session) -> bool:
    """Whether this session wrote anything for the relay since it was last asked; ask after the commit."""
    return bool(session.info.pop(RING, False))
