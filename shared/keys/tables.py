"""The key store: a database of its own (`visor_keys`), backed up apart from what its keys protect."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    func,
)

from shared.database import new_metadata


@dataclass(frozen=True)
class KeyTables:
    nominal_key: Table


def tables(metadata: MetaData) -> KeyTables:
    """`nominal_key`: one row for each nominal, ever; without its wrapped key it is a tombstone."""
    table = Table(
        "nominal_key",
        metadata,
        Column("nominal_id", Uuid(), primary_key=True),
        Column("key_id", Uuid(), nullable=False, unique=True),
        Column("wrapped_key", LargeBinary),
        Column("master_id", String(40)),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("destroyed_at", DateTime(timezone=True)),
        CheckConstraint(
            "(wrapped_key IS NULL) = (destroyed_at IS NOT NULL)"
            " AND (wrapped_key IS NULL) = (master_id IS NULL)",
            name="living_or_tombstone",
        ),
    )
    Index("ix_nominal_key_master_id", table.c.master_id, postgresql_where=table.c.master_id.is_not(None))
    return KeyTables(table)


metadata = new_metadata()
nominal_key = tables(metadata).nominal_key
