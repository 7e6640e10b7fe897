"""The row of each kept file, in the database of the service whose file it is."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
)


def stored_file_table(metadata: MetaData) -> Table:
    """`nominal_id` says whose key wraps this file's key and name: null is the service's own.

    `sha256` is of the plain bytes. A removed file's row stays, without key and name: nothing opens it any more.
    """
    return Table(
        "stored_file",
        metadata,
        Column("id", Uuid(), primary_key=True),
        Column("nominal_id", Uuid(), index=True),
        Column("kind", String(10), nullable=False),
        Column("size", BigInteger(), nullable=False),
        Column("sha256", LargeBinary()),
        Column("name", LargeBinary()),
        Column("wrapped_key", LargeBinary()),
        Column("scanned", String(10), nullable=False),
        Column("arrived_at", DateTime(timezone=True), nullable=False),
        Column("arrived_by", Uuid(), nullable=False),
        Column("removed_at", DateTime(timezone=True), index=True),
        CheckConstraint("(removed_at IS NULL) = (wrapped_key IS NOT NULL)", name="key_until_removed"),
    )
