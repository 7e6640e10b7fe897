"""The key store's statements. Every engine given here is on AUTOCOMMIT: each statement is its own transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Engine, bindparam, func, select, text, update

from shared.keys.tables import nominal_key

CHUNK = 5_000

_ADD = text(
    "INSERT INTO nominal_key (nominal_id, key_id, wrapped_key, master_id)"
    " SELECT * FROM unnest(CAST(:nominals AS uuid[]), CAST(:keys AS uuid[]), CAST(:wrapped AS bytea[]),"
    " CAST(:masters AS text[])) ON CONFLICT (nominal_id) DO NOTHING"
)


class KeyRow(NamedTuple):
    nominal_id: UUID
    key_id: UUID
    wrapped_key: bytes | None
    master_id: str | None


_COLUMNS = [nominal_key.c[name] for name in KeyRow._fields]
_READ = select(*_COLUMNS).where(nominal_key.c.nominal_id == func.any(bindparam("ids")))


def read(engine: Engine, nominal_ids: list[UUID]) -> list[KeyRow]:
    """Tombstones too; whoever never had a key is left out."""
    with engine.connect() as connection:
        return [KeyRow(*row) for row in connection.execute(_READ, {"ids": nominal_ids})]


def add(engine: Engine, rows: Sequence[KeyRow]) -> None:
    """Those that exist already, living or dead, stay as they are."""
    names = ("nominals", "keys", "wrapped", "masters")
    with engine.connect() as connection:
        connection.execute(_ADD, dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def bury(engine: Engine, nominal_ids: Sequence[UUID]) -> int:
    """Leave tombstones, also where this store never held the key. Returns how many living keys were destroyed."""
    living = nominal_key.c.destroyed_at.is_(None)
    gone = {"wrapped_key": None, "master_id": None, "destroyed_at": func.now()}
    unknown = text(
        "INSERT INTO nominal_key (nominal_id, key_id, destroyed_at)"
        " SELECT id, gen_random_uuid(), now() FROM unnest(CAST(:ids AS uuid[])) AS id"
        " ON CONFLICT (nominal_id) DO NOTHING"
    )
    here = nominal_key.c.nominal_id == func.any(bindparam("ids"))
    with engine.connect() as connection:
        ids = {"ids": list(nominal_ids)}
        buried = connection.execute(update(nominal_key).where(here, living).values(**gone), ids).rowcount
        connection.execute(unknown, ids)
        return buried


def master_ids(engine: Engine) -> dict[str, int]:
    """Which master keys wrap living keys, and how many each."""
    count = select(nominal_key.c.master_id, func.count()).where(nominal_key.c.master_id.is_not(None))
    with engine.connect() as connection:
        return {str(name): int(number) for name, number in connection.execute(count.group_by("master_id"))}


def sample(engine: Engine, master_id: str) -> KeyRow | None:
    """Any living key that this master wraps."""
    any_one = select(*_COLUMNS).where(nominal_key.c.master_id == master_id).limit(1)
    with engine.connect() as connection:
        row = connection.execute(any_one).first()
        return None if row is None else KeyRow(*row)


def wrapped_by_others(engine: Engine, master_id: str, most: int) -> list[KeyRow]:
    others = select(*_COLUMNS).where(nominal_key.c.master_id != master_id).limit(most)
    with engine.connect() as connection:
        return [KeyRow(*row) for row in connection.execute(others)]


def replace(engine: Engine, rows: Iterable[tuple[KeyRow, bytes, str]]) -> int:
    """New wrappings, each only where the old one still stands: a key destroyed meanwhile stays destroyed."""
    statement = text(
        "UPDATE nominal_key AS k SET wrapped_key = n.wrapped, master_id = n.master FROM unnest("
        "CAST(:ids AS uuid[]), CAST(:olds AS bytea[]), CAST(:wrapped AS bytea[]), CAST(:masters AS text[]))"
        " AS n(id, old, wrapped, master) WHERE k.nominal_id = n.id AND k.wrapped_key = n.old"
    )
    listed = list(rows)
    values = {
        "ids": [row.nominal_id for row, _, _ in listed],
        "olds": [row.wrapped_key for row, _, _ in listed],
        "wrapped": [wrapped for _, wrapped, _ in listed],
        "masters": [master for _, _, master in listed],
    }
    with engine.connect() as connection:
        return connection.execute(statement, values).rowcount
