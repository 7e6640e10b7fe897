"""After a rotation: wrap every living key with the newest master key, so that the older ones can be retired."""

from __future__ import annotations

from sqlalchemy import Engine

from shared.keys import store
from shared.keys.errors import KeyProblem
from shared.keys.master_keys import MasterKeys


def rewrap(engine: Engine, master_keys: MasterKeys, *, chunk: int = store.CHUNK) -> int:
    """Returns how many were wrapped anew. Stopped half-way it goes on where it was; people work on meanwhile.

    The keys themselves do not change: what they encrypted stays readable.
    """
    engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    master_keys.reload()
    newest = master_keys.current
    total = 0
    while rows := store.wrapped_by_others(engine, newest, chunk):
        total += store.replace(engine, ((row, _anew(master_keys, row, newest), newest) for row in rows))
    return total


def retire(engine: Engine, master_keys: MasterKeys, master_id: str) -> None:
    """Delete an old master key; raises KeyProblem while it still wraps a living key."""
    wraps = store.master_ids(engine).get(master_id, 0)
    if wraps:
        raise KeyProblem(f"master key {master_id} still wraps {wraps} keys: rewrap first")
    master_keys.retire(master_id)


def _anew(master_keys: MasterKeys, row: store.KeyRow, newest: str) -> bytes:
    if row.wrapped_key is None or row.master_id is None:
        raise AssertionError("a tombstone has no master key")
    key = master_keys.unwrap(row.nominal_id, row.key_id, row.wrapped_key, row.master_id)
    return master_keys.wrap(row.nominal_id, row.key_id, key, newest)
