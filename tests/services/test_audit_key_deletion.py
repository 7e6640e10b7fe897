"""A nominal is deleted: the chain stays whole, and what the audit held of that nominal can no longer be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from shared.ids import new_id
from shared.keys import KeyDestroyed, open_keys
from shared.keys.rewrap import retire, rewrap
from tests.servers.audited import Audited

REASON = "Asked by the school about the man at the gate"


def test_the_chain_stays_whole_and_the_reason_is_gone(
    audited: Audited, key_store_engine: Engine, keys_folder: Path
) -> None:
    keys = open_keys(key_store_engine, keys_folder, "records")
    deleted, kept = new_id(), new_id()
    keys.create_many([deleted, kept])
    for nominal in (deleted, kept, deleted):
        audited.write(1, nominal_id=nominal, private=keys.encrypt_for(nominal, "audit", REASON))
    audited.seal()
    before = audited.verify()
    private = dict(audited.query("SELECT nominal_id, private FROM audit_entry"))

    keys.destroy(deleted)

    assert audited.verify() == before
    assert before.ok
    assert keys.decrypt_for(kept, "audit", private[kept]) == REASON
    with pytest.raises(KeyDestroyed):
        keys.decrypt_for(deleted, "audit", private[deleted])


def test_a_rotation_of_the_master_key_leaves_the_audit_as_it_is(
    audited: Audited, key_store_engine: Engine, keys_folder: Path
) -> None:
    keys = open_keys(key_store_engine, keys_folder, "records")
    nominal, old = new_id(), keys.master_keys.current
    keys.create(nominal)
    audited.write(1, nominal_id=nominal, private=keys.encrypt_for(nominal, "audit", REASON))
    audited.seal()
    keys.master_keys.rotate()
    rewrap(key_store_engine, keys.master_keys)
    retire(key_store_engine, keys.master_keys, old)
    [(private,)] = audited.query("SELECT private FROM audit_entry")
    again = open_keys(key_store_engine, keys_folder, "records")
    assert again.decrypt_for(nominal, "audit", private) == REASON
    assert audited.verify().ok
