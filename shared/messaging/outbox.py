"""Putting a fact into the outbox, in the transaction of the change that it tells of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import insert
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from shared.events import registry
from shared.events.envelope import Copy, Event
from shared.events.registry import EventKind
from shared.messaging.crash_points import crash_point
from shared.messaging.tables import SpineTables
from shared.prepared import Chained

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
    kind, rows = _checked(event, copies)
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


def _checked(
    event: Event, copies: Sequence[Copy | Mapping[str, Any]]
) -> tuple[EventKind, list[dict[str, Any]]]:
    kind = registry.find(event.type, event.version)
    if kind is None:
        raise ValueError(f"{event.type} v{event.version} is not declared")
    rows = [copy.to_row() if isinstance(copy, Copy) else dict(copy) for copy in copies]
    if len({row["agency"] for row in rows}) != len(rows):
        raise ValueError(f"{event.type}: two copies for one agency")
    return kind, rows


# `next_version` and `write` in one: the aggregate's next version goes into the row.
_NEXT = Chained(
    """
    INSERT INTO aggregate_version AS known (handler, agency, kind, id, version)
    VALUES ('', '', %(about)s, %(about_id)s, 1)
    ON CONFLICT (handler, agency, kind, id) DO UPDATE SET version = known.version + 1
    RETURNING version
    """,
    """
    INSERT INTO outbox
        (id, kind, version, occurred_at, aggregate, actor, correlation_id, data, copies, urgent)
    SELECT %(id)s, %(kind)s, %(version)s, %(occurred_at)s,
        jsonb_build_object('kind', %(about)s::text, 'id', %(about_id)s::uuid, 'version', {first}.version),
        %(actor)s, %(correlation_id)s, %(data)s, %(copies)s, %(urgent)s
    FROM {first}
    """,
)


def statement(event: Event, copies: Sequence[Copy]) -> tuple[str, dict[str, Any]]:
    """One statement that counts the aggregate's version on and writes the fact under it, for a unit of work that keeps
    it for its end. Raises as `write`, and ValueError for a fact about nothing.
    """
    kind, rows = _checked(event, copies)
    if event.aggregate is None:
        raise ValueError(f"{event.type} is about nothing")
    return _NEXT, {
        "id": event.id,
        "kind": event.type,
        "version": event.version,
        "occurred_at": event.occurred_at,
        "about": event.aggregate.kind,
        "about_id": event.aggregate.id,
        "actor": event.actor,
        "correlation_id": event.correlation_id,
        "data": Jsonb(dict(event.data)),
        "copies": Jsonb(rows),
        "urgent": kind.urgent,
    }


def will_ring(session: Session) -> None:
    """This session's commit is to wake the relay."""
    session.info[RING] = True


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
