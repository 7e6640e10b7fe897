"""The sealer's SQL. Transaction numbers go in as text, since no driver knows xid8."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, text

_LOCK = 0x7669736F72617564  # "visoraud"

_UNNUMBERED = "NOT EXISTS (SELECT 1 FROM audit_number AS n WHERE n.entry_id = e.id)"
_COLUMNS = "e.id, e.hash, CAST(e.transaction_id AS text)"
_TAKE = text(
    f"SELECT {_COLUMNS} FROM audit_entry AS e"  # noqa: S608 - made of constants
    " WHERE (e.transaction_id, e.id) > (CAST(CAST(:transaction AS text) AS xid8), CAST(:entry AS uuid))"
    f" AND e.transaction_id < CAST(CAST(:horizon AS text) AS xid8) AND {_UNNUMBERED}"
    " ORDER BY e.transaction_id, e.id LIMIT :most"
)
_TAKE_ALL = text(
    f"SELECT {_COLUMNS} FROM audit_entry AS e WHERE {_UNNUMBERED} ORDER BY e.transaction_id, e.id"  # noqa: S608 - made of constants
)
_NUMBER = text(
    "INSERT INTO audit_number (number, entry_id, entry_hash) SELECT * FROM"
    " unnest(CAST(:numbers AS bigint[]), CAST(:ids AS uuid[]), CAST(:hashes AS bytea[]))"
)
_SEAL = text(
    "INSERT INTO audit_seal (sequence, first_number, last_number, at, token)"
    " VALUES (:sequence, :first, :last, :at, :token)"
)
_NUMBERED = text(
    f"SELECT {_COLUMNS} FROM audit_number AS n JOIN audit_entry AS e ON e.id = n.entry_id"  # noqa: S608 - made of constants
    " WHERE n.number BETWEEN :first AND :last ORDER BY n.number"
)


class Taken(NamedTuple):
    id: UUID
    hash: bytes
    transaction: int


def _taken(rows: Iterable[Any]) -> list[Taken]:
    return [Taken(entry_id, entry_hash, int(transaction)) for entry_id, entry_hash, transaction in rows]


@contextmanager
def the_only_sealer(engine: Engine) -> Iterator[Connection | None]:
    """A connection that holds the database's one sealer lock, or None while another holds it."""
    with engine.connect() as connection:
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}).scalar_one():
            yield None
            return
        connection.commit()
        try:
            yield connection
        finally:
            _unlock(connection)


def _unlock(connection: Connection) -> None:
    """A connection that still held the lock must not go back to the pool."""
    try:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
        connection.commit()
    except BaseException:
        connection.invalidate()
        raise


def cluster(connection: Connection) -> str:
    """The database server's own identifier, the same for as long as its transaction numbers go on."""
    return str(connection.execute(text("SELECT system_identifier FROM pg_control_system()")).scalar_one())


def horizon(connection: Connection) -> int:
    """Every transaction with a lower number is over; what it wrote is visible to the next statement."""
    xmin = text("SELECT CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text)")
    return int(connection.execute(xmin).scalar_one())


def take(connection: Connection, position: tuple[int, UUID], below: int, most: int) -> list[Taken]:
    """Entries without a number that come after the position and whose transactions are over."""
    values = {"transaction": str(position[0]), "entry": position[1], "horizon": str(below), "most": most}
    return _taken(connection.execute(_TAKE, values))


def take_all(connection: Connection) -> list[Taken]:
    return _taken(connection.execute(_TAKE_ALL))


def numbered(connection: Connection, first: int, last: int) -> list[Taken]:
    return _taken(connection.execute(_NUMBERED, {"first": first, "last": last}))


def write_numbers(connection: Connection, first: int, entries: list[Taken]) -> None:
    values = {
        "numbers": list(range(first, first + len(entries))),
        "ids": [entry.id for entry in entries],
        "hashes": [entry.hash for entry in entries],
    }
    connection.execute(_NUMBER, values)


def write_seal(connection: Connection, values: dict[str, Any]) -> None:
    connection.execute(_SEAL, values)


def last_token(connection: Connection) -> str | None:
    newest = text("SELECT token FROM audit_seal ORDER BY sequence DESC LIMIT 1")
    return connection.execute(newest).scalar_one_or_none()


def tokens_from(connection: Connection, sequence: int) -> list[str]:
    """The seals from this sequence on."""
    later = text("SELECT token FROM audit_seal WHERE sequence >= :sequence ORDER BY sequence")
    return list(connection.execute(later, {"sequence": sequence}).scalars())
