"""What every process does with its keys before it serves anybody."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from shared.keys import store
from shared.keys.errors import KeyProblem, MasterKeyMissing, NotReadable
from shared.keys.master_keys import MasterKeys
from shared.keys.nominal_keys import NominalKeys
from shared.keys.private_files import private_folder


def open_keys(engine: Engine, folder: Path, service: str = "visor") -> NominalKeys:
    """The nominals' keys, checked. The first start of all makes the first master key.

    Raises KeyProblem (MasterKeyMissing above all), whose message is the one line to print: the service must not
    start. A folder that was lost is never filled with a new key while the old one still wraps anything.
    """
    private_folder(folder)
    master_keys = MasterKeys(folder)
    wrapping = store.master_ids(engine)
    for master_id, count in wrapping.items():
        _check(engine, master_keys, master_id, count)
    if not master_keys.ids:
        master_keys.make_first()
    return NominalKeys(engine, master_keys, service)


def _check(engine: Engine, master_keys: MasterKeys, master_id: str, count: int) -> None:
    where = master_keys.folder
    if master_id not in master_keys.ids:
        raise MasterKeyMissing(
            f"master key {master_id}, which wraps {count} keys, is not in {where}: restore {master_id}.master"
            " there from the backup of the keys. Nothing personal can be read or written without it."
        )
    row = store.sample(engine, master_id)
    if row is None or row.wrapped_key is None:
        return
    try:
        master_keys.unwrap(row.nominal_id, row.key_id, row.wrapped_key, master_id)
    except NotReadable:
        raise KeyProblem(
            f"{where}/{master_id}.master is not the key that wrapped the key store's keys"
        ) from None
