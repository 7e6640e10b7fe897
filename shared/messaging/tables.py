"""The tables of the messaging spine. Every service has them in its own database.

`tables(metadata)` puts them into a service's metadata, for its migrations and drift check; statements are
written against the module's own copies, so that no statement depends on which service's database it runs
in.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.database import new_metadata

_NOW = func.now()


@dataclass(frozen=True)
class SpineTables:
    """The same tables in one metadata."""

    outbox: Table
    inbox: Table
    inbox_retry: Table
    dead_letter: Table
    aggregate_version: Table
    task: Table
    task_item: Table
    heartbeat: Table


def tables(metadata: MetaData) -> SpineTables:
    return SpineTables(
        outbox=_outbox(metadata),
        inbox=_inbox(metadata),
        inbox_retry=_inbox_retry(metadata),
        dead_letter=_dead_letter(metadata),
        aggregate_version=_aggregate_version(metadata),
        task=_task(metadata),
        task_item=_task_item(metadata),
        heartbeat=Table("heartbeat", metadata, _key("role", Text), _time("at", server_default=_NOW)),
    )


def _time(name: str, *, nullable: bool = False, server_default: object = None) -> Column:  # type: ignore[type-arg]
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=server_default)  # type: ignore[arg-type]


def _key(name: str, kind: type) -> Column:  # type: ignore[type-arg]
    return Column(name, kind, primary_key=True)


def _count(name: str) -> Column:  # type: ignore[type-arg]
    return Column(name, Integer, nullable=False, server_default="0")


def _outbox(metadata: MetaData) -> Table:
    """Kept 90 days as the log of what was said. `taken`: the agencies whose copy the broker has confirmed
    already. Two majors of one fact share its id, so that whoever understands both counts it once.
    """
    table = Table(
        "outbox",
        metadata,
        _key("id", Uuid),
        Column("sequence", BigInteger, Identity(always=True), nullable=False),
        Column("version", Integer, primary_key=True, autoincrement=False),
        Column("kind", Text, nullable=False),
        _time("occurred_at"),
        Column("aggregate", JSONB(none_as_null=True)),
        Column("actor", Uuid),
        Column("correlation_id", Uuid),
        Column("data", JSONB, nullable=False),
        Column("copies", JSONB, nullable=False),
        Column("taken", JSONB, nullable=False, server_default="[]"),
        Column("urgent", Boolean, nullable=False),
        _time("created_at", server_default=_NOW),
        # The same, until it is said again.
        _time("waiting_since", server_default=_NOW),
        _time("published_at", nullable=True),
        _count("attempts"),
        Column("last_error", Text),
        _time("next_attempt_at", nullable=True),
    )
    unpublished = table.c.published_at.is_(None)
    Index("ix_outbox_unpublished", table.c.urgent.desc(), table.c.sequence, postgresql_where=unpublished)
    Index("uq_outbox_sequence", table.c.sequence, unique=True)
    Index("ix_outbox_created_at", table.c.created_at, postgresql_using="brin")
    return table


def _inbox(metadata: MetaData) -> Table:
    table = Table("inbox", metadata, _key("message_id", Uuid), _time("received_at", server_default=_NOW))
    Index("ix_inbox_received_at", table.c.received_at, postgresql_using="brin")
    return table


def _inbox_retry(metadata: MetaData) -> Table:
    """Messages that failed or must wait (`body` set: taken from the broker), and those that a process died
    over.
    """
    table = Table(
        "inbox_retry",
        metadata,
        _key("message_id", Uuid),
        Column("body", LargeBinary),
        _count("attempts"),
        _count("waits"),
        Column("reason", Text),
        _time("first_at", server_default=_NOW),
        _time("due_at", nullable=True),
    )
    Index("ix_inbox_retry_due_at", table.c.due_at, postgresql_where=table.c.body.is_not(None))
    return table


def _dead_letter(metadata: MetaData) -> Table:
    return Table(
        "dead_letter",
        metadata,
        _key("message_id", Uuid),
        Column("type", Text),
        Column("body", LargeBinary, nullable=False),
        Column("reason", Text, nullable=False),
        _count("attempts"),
        _time("dead_at", server_default=_NOW),
        _time("replayed_at", nullable=True),
    )


def _aggregate_version(metadata: MetaData) -> Table:
    """The newest version that each ordered handler has seen, kept apart for each agency's copies; under the
    handler "" the versions that this service itself gives out.
    """
    return Table(
        "aggregate_version",
        metadata,
        _key("handler", Text),
        _key("agency", Text),
        _key("kind", Text),
        _key("id", Uuid),
        Column("version", BigInteger, nullable=False),
    )


def _task(metadata: MetaData) -> Table:
    """`attempts` counts errors, `lapses` leases that ran out: a worker that was killed proves nothing
    against the task.
    """
    table = Table(
        "task",
        metadata,
        _key("id", Uuid),
        Column("name", Text, nullable=False),
        Column("payload", JSONB, nullable=False),
        Column("unique_key", Text),
        Column("state", Text, nullable=False, server_default="waiting"),
        _count("attempts"),
        _count("lapses"),
        _time("due_at", server_default=_NOW),
        _time("nudged_at", nullable=True),
        Column("lease", Uuid),
        _time("lease_until", nullable=True),
        Column("result", JSONB),
        Column("last_error", Text),
        _time("created_at", server_default=_NOW),
        _time("finished_at", nullable=True),
    )
    open_ = table.c.finished_at.is_(None)
    Index("ix_task_open", table.c.due_at, postgresql_where=open_)
    Index("uq_task_unique_key", table.c.name, table.c.unique_key, unique=True)
    return table


def _task_item(metadata: MetaData) -> Table:
    """One thing that a bulk job does, and how it ended."""
    return Table(
        "task_item",
        metadata,
        Column("task_id", Uuid, ForeignKey("task.id", ondelete="CASCADE"), primary_key=True),
        Column("position", Integer, primary_key=True, autoincrement=False),
        Column("payload", JSONB, nullable=False),
        Column("state", Text, nullable=False, server_default="waiting"),
        Column("result", JSONB),
        Column("error", Text),
        _time("finished_at", nullable=True),
    )


SPINE = tables(new_metadata())
