"""How an entry gets into the database: in the transaction of what it tells of, with one INSERT and no answer."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy.orm import Session

from shared.audit.canonical import FIELDS, hash_of, values_of
from shared.audit.entry import AuditEntry
from shared.audit.tables import AuditTables
from shared.driver import driver

_COLUMNS = ", ".join((*FIELDS, "hash"))
_FACTS = FIELDS.index("facts")
_ORIGINS = FIELDS.index("origin_ids")
_PLACES = ", ".join(["%s"] * (len(FIELDS) + 1))
_TYPES = {
    "id": "uuid",
    "at": "timestamptz",
    "actor": "uuid",
    "session_id": "uuid",
    "subject_id": "uuid",
    "nominal_id": "uuid",
    "origin_ids": "uuid[]",
    "facts": "jsonb",
    "private": "bytea",
    "correlation_id": "uuid",
    "hash": "bytea",
}


def statement(tables: AuditTables, entry: AuditEntry) -> tuple[str, tuple[Any, ...]]:
    """The INSERT that `write` would do, with its values, for a unit of work that keeps it for its end."""
    return _insert_into(tables.entry.name), _row(entry)


def write(session: Session, tables: AuditTables, entry: AuditEntry) -> None:
    """Adds the entry to the session's transaction; the caller's unit of work commits it."""
    session.connection().exec_driver_sql(*statement(tables, entry))


def write_many(session: Session, tables: AuditTables, entries: Iterable[AuditEntry]) -> None:
    """As `write`, for bulk acts: one COPY for them all."""
    with (
        driver(session).cursor() as cursor,
        cursor.copy(f"COPY {tables.entry.name} ({_COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types([_TYPES.get(name, "text") for name in (*FIELDS, "hash")])
        for entry in entries:
            copy.write_row(_row(entry))


@cache
def _insert_into(table: str) -> str:
    """Plain SQL rather than SQLAlchemy's insert(): every page that anybody opens goes through here."""
    return f"INSERT INTO {table} ({_COLUMNS}) VALUES ({_PLACES})"  # noqa: S608 - made of constants


def _row(entry: AuditEntry) -> tuple[Any, ...]:
    values = values_of(entry)
    digest = hash_of(values)
    values[_FACTS] = Jsonb(values[_FACTS])
    values[_ORIGINS] = list(values[_ORIGINS])
    return (*values, digest)
