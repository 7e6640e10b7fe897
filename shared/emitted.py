"""The version that each aggregate's next event carries, so that a reader knows which of two facts is newer."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, Column, MetaData, String, Table, Uuid
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session


def emitted_version_table(metadata: MetaData) -> Table:
    return Table(
        "emitted_version",
        metadata,
        Column("kind", String(40), primary_key=True),
        Column("id", Uuid(), primary_key=True),
        Column("version", BigInteger, nullable=False),
    )


def next_version(session: Session, table: Table, kind: str, id: UUID) -> int:
    """One more than the last; the row stays locked to the end of the transaction, so versions follow commit order."""
    first = insert(table).values(kind=kind, id=id, version=1)
    bump = first.on_conflict_do_update(index_elements=["kind", "id"], set_={"version": table.c.version + 1})
    return int(session.execute(bump.returning(table.c.version)).scalar_one())
