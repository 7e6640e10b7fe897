"""The database's copy of the policy: the published values, and every change with the two people who made it.

A service that changes no policy keeps a copy all the same, so that it can read its deadlines without asking.
"""

from __future__ import annotations

from collections.abc import Iterable

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
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from shared.ids import derived_id
from shared.policy.policy import Policy
from shared.policy.published import published_entries, published_policy
from shared.policy.values import Entry

_STANDS = text("state in ('published', 'approved')")


def tables(metadata: MetaData) -> Table:
    """A proposal is approved or withdrawn, an approval withdrawn; nothing else of a change is ever altered.

    One approved change for each key and day, so that of two approvals at the same moment only one wins.
    """
    return Table(
        "policy",
        metadata,
        Column("id", Uuid(), primary_key=True),
        Column("key", String(80), nullable=False),
        Column("value", JSONB, nullable=False),
        Column("in_force_from", Date, nullable=False),
        Column("in_force_to", Date),
        Column("source", Text, nullable=False),
        Column("state", String(10), nullable=False),
        Column("proposed_by", Uuid()),
        Column("proposed_at", DateTime(timezone=True)),
        Column("approved_by", Uuid()),
        Column("approved_at", DateTime(timezone=True)),
        CheckConstraint("state in ('published', 'proposed', 'approved', 'withdrawn')", name="state"),
        CheckConstraint("proposed_by <> approved_by", name="two_people"),
        CheckConstraint("(state = 'published') = (proposed_by is null)", name="proposer"),
        CheckConstraint("state <> 'approved' or approved_by is not null", name="approver"),
        CheckConstraint("state in ('approved', 'withdrawn') or approved_by is null", name="approved_by"),
        CheckConstraint("(approved_by is null) = (approved_at is null)", name="approved_at"),
        CheckConstraint("in_force_to is null or in_force_to >= in_force_from", name="period"),
        Index(None, "key", "in_force_from", "state", unique=True, postgresql_where=_STANDS),
    )


def load_published(connection: Connection | Session, policy: Table) -> None:
    """Brings the published rows to what this release's file says; changes that people approved stay as they are."""
    rows = [
        {
            "id": derived_id("policy", entry.key, entry.in_force_from),
            "key": entry.key,
            "value": entry.value,
            "in_force_from": entry.in_force_from,
            "in_force_to": entry.in_force_to,
            "source": entry.source,
            "state": "published",
        }
        for entry in published_entries()
    ]
    changed = insert(policy)
    connection.execute(
        changed.on_conflict_do_update(
            index_elements=["id"],
            set_={name: changed.excluded[name] for name in ("value", "in_force_to", "source")},
        ),
        rows,
    )


def read_policy(connection: Connection | Session, policy: Table) -> Policy:
    """What stands in the database: published values, then approved changes in the order of their approval."""
    columns = (policy.c.key, policy.c.value, policy.c.in_force_from, policy.c.in_force_to, policy.c.source)
    query = (
        select(*columns)
        .where(_STANDS)
        .order_by(func.coalesce(policy.c.approved_at, text("'-infinity'")), policy.c.id)
    )
    return Policy.of(
        published_policy().subjects.values(), _known(Entry(*row) for row in connection.execute(query))
    )


def _known(entries: Iterable[Entry]) -> Iterable[Entry]:
    """A key that this release no longer has is left aside, so that a downgrade or an older copy still reads."""
    return (entry for entry in entries if entry.key in published_policy().subjects)
