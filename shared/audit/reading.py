"""Reads the audit as verification needs it: in order, streaming, and so that no altered value can stop the reading.

Whatever stands in a row must come out as something that can be hashed or cannot, never as an error of the driver:
times are read as raw microseconds (a time may be altered to `infinity`), facts as text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg.adapt import Loader
from psycopg.pq import Format
from sqlalchemy import Engine

from shared.audit.canonical import FIELDS, canonical

# From PostgreSQL's epoch (2000-01-01) to ours, in microseconds.
_EPOCHS_APART = 946_684_800_000_000
_FACTS = FIELDS.index("facts")
_PAGE = 2_000

FIELDS_SQL = ", ".join(f"e.{name}" if name != "facts" else "CAST(e.facts AS text)" for name in FIELDS)
# As text: a transaction number has 64 bits without a sign, which no other type holds.
TRANSACTION_SQL = "CAST(e.transaction_id AS text)"

Raw = psycopg.Connection[Any]


class _Microseconds(Loader):
    format = Format.BINARY

    def load(self, data: Any) -> int:
        return int.from_bytes(data, "big", signed=True) + _EPOCHS_APART


@contextmanager
def snapshot(engine: Engine) -> Iterator[Raw]:
    """One moment of the database, while people work on: every query sees the same."""
    with engine.execution_options(isolation_level="REPEATABLE READ").connect() as connection:
        raw = cast("Raw", connection.connection.driver_connection)
        raw.execute("SET TRANSACTION READ ONLY")
        raw.execute("SET LOCAL statement_timeout = 0")
        raw.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield raw


def rows(raw: Raw, name: str, statement: str) -> Iterator[tuple[Any, ...]]:
    """A server-side cursor: no more than a page of rows is in memory."""
    with raw.cursor(name, row_factory=psycopg.rows.tuple_row, binary=True) as cursor:
        cursor.adapters.register_loader("timestamptz", _Microseconds)
        cursor.itersize = _PAGE
        yield from cursor.execute(cast("Any", statement))


def one(raw: Raw, statement: str, *values: Any) -> Any:
    """The first column of the first row, or None."""
    found = raw.execute(cast("Any", statement), values).fetchone()
    return None if found is None else found[0]


def hash_again(fields: Sequence[Any]) -> bytes | None:
    """The entry's hash computed from what stands in the row; None where no entry of ours could ever look so."""
    try:
        values = list(fields)
        values[_FACTS] = json.loads(values[_FACTS])
        return sha256(canonical(*values)).digest()
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def number_of(raw: Raw, entry_id: UUID) -> int | None:
    """The number an entry has now."""
    number: int | None = one(raw, "SELECT min(number) FROM audit_number WHERE entry_id = %s", entry_id)
    return number


def number_with_hash(raw: Raw, entry_hash: bytes, *, other_than: int) -> int | None:
    """The number under which this hash was recorded; reads the whole table."""
    statement = "SELECT min(number) FROM audit_number WHERE entry_hash = %s AND number <> %s"
    number: int | None = one(raw, statement, entry_hash, other_than)
    return number


def exists(raw: Raw, entry_id: UUID) -> bool:
    return one(raw, "SELECT 1 FROM audit_entry WHERE id = %s", entry_id) is not None
