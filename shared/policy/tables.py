"""Changes of national policy, each with the two people who made it, on top of what is published with the suite.

Identity's copy holds proposals and decisions. The other services' copies hold what was confirmed, so that each can
read its deadlines without asking.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Date,
    DateTime,
    Index,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from shared.policy.policy import Policy
from shared.policy.published import published_policy
from shared.policy.values import Entry

ONE_A_DAY = "uq_policy_change_one_a_day"


def policy_change_table(metadata: MetaData) -> Table:
    """A proposal is confirmed, rejected or withdrawn, once; nothing else of a change is ever altered.

    One confirmed change for each key and day, so that of two that are confirmed at the same moment only one wins.
    """
    return Table(
        "policy_change",
        metadata,
        Column("id", Uuid(), primary_key=True),
        Column("key", String(80), nullable=False),
        Column("value", JSONB, nullable=False),
        Column("in_force_from", Date, nullable=False),
        Column("in_force_to", Date),
        Column("source", Text, nullable=False),
        Column("state", String(10), nullable=False),
        Column("proposed_by", Uuid(), nullable=False),
        Column("proposed_at", DateTime(timezone=True), nullable=False),
        Column("decided_by", Uuid()),
        Column("decided_at", DateTime(timezone=True)),
        Column("decision", Text, nullable=False, server_default=""),
        CheckConstraint("state in ('proposed', 'confirmed', 'rejected', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'proposed') = (decided_by is null)", name="decided_by"),
        CheckConstraint("(decided_by is null) = (decided_at is null)", name="decided_at"),
        CheckConstraint(
            "decided_by is null or (decided_by = proposed_by) = (state = 'withdrawn')", name="two_people"
        ),
        CheckConstraint("in_force_to is null or in_force_to >= in_force_from", name="period"),
        Index(ONE_A_DAY, "key", "in_force_from", unique=True, postgresql_where=text("state = 'confirmed'")),
        Index(None, "state", "proposed_at"),
    )


def confirmed(connection: Connection | Session, changes: Table) -> Sequence[Any]:
    """What was confirmed, in the order of its confirmation: the columns of an `Entry`."""
    columns = (
        changes.c.key,
        changes.c.value,
        changes.c.in_force_from,
        changes.c.in_force_to,
        changes.c.source,
    )
    query = select(*columns).where(changes.c.state == "confirmed")
    return connection.execute(query.order_by(changes.c.decided_at, changes.c.id)).all()


def with_changes(rows: Iterable[Sequence[Any]]) -> Policy:
    """What is published, and these changes. A key that this release no longer has is left aside."""
    published = published_policy()
    return published.with_entries(Entry(*row) for row in rows if row[0] in published.subjects)
