"""A form sent twice counts once: the key of the first sending and the answer it got."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, MetaData, String, Table, Uuid, delete, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

KEEP = timedelta(days=2)


def once_table(metadata: MetaData) -> Table:
    """`once`: a sending's key belongs to one person and one command; the row is written with the act itself."""
    return Table(
        "once",
        metadata,
        Column("person_id", Uuid(), primary_key=True),
        Column("command", String(100), primary_key=True),
        Column("key", String(100), primary_key=True),
        Column("answer", JSONB),
        Column("at", DateTime(timezone=True), nullable=False, index=True),
    )


def claim(
    session: Session, table: Table, who: UUID, command: str, key: str, at: datetime
) -> Mapping[str, Any] | None:
    """Take the key for this transaction, or return the answer that its first sending got.

    The second of two sendings at the same moment waits here until the first has committed.
    """
    row = insert(table).values(person_id=who, command=command, key=key, at=at).on_conflict_do_nothing()
    if session.execute(row.returning(table.c.key)).first() is not None:
        return None
    here = (table.c.person_id == who) & (table.c.command == command) & (table.c.key == key)
    answer: Mapping[str, Any] | None = session.execute(select(table.c.answer).where(here)).scalar_one()
    return answer or {}


def remember(
    session: Session, table: Table, who: UUID, command: str, key: str, answer: Mapping[str, Any]
) -> None:
    here = (table.c.person_id == who) & (table.c.command == command) & (table.c.key == key)
    session.execute(table.update().where(here).values(answer=dict(answer)))


def forget_old(session: Session, table: Table, now: datetime) -> None:
    session.execute(delete(table).where(table.c.at < now - KEEP))
