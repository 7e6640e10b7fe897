"""Master keys: made once, never replaced in silence, rotated without anybody noticing."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from shared.ids import new_id
from shared.keys import KeyDestroyed, KeyProblem, MasterKeyMissing, MasterKeys, NominalKeys, open_keys
from shared.keys.rewrap import retire, rewrap


def masters(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.master"))


def test_the_first_start_makes_one_that_only_we_can_read(key_store_engine: Engine, keys_folder: Path) -> None:
    open_keys(key_store_engine, keys_folder)
    [made] = masters(keys_folder)
    assert made.stat().st_mode & 0o777 == 0o600
    assert keys_folder.stat().st_mode & 0o777 == 0o700
    assert len(base64.b64decode(made.read_bytes())) == 32


def test_the_second_start_uses_the_same(key_store_engine: Engine, keys_folder: Path) -> None:
    nominal = new_id()
    sealed = _created(open_keys(key_store_engine, keys_folder), nominal)
    assert open_keys(key_store_engine, keys_folder).decrypt_for(nominal, "audit", sealed) == "reason"
    assert len(masters(keys_folder)) == 1


def _created(keys: NominalKeys, nominal: object) -> bytes:
    keys.create(nominal)  # type: ignore[arg-type]
    return keys.encrypt_for(nominal, "audit", "reason")  # type: ignore[arg-type]


def test_processes_that_start_together_make_one(key_store_engine: Engine, keys_folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: open_keys(key_store_engine, keys_folder), range(8)))
    assert len({keys.master_keys.current for keys in opened}) == 1
    assert len(masters(keys_folder)) == 1


def test_without_its_master_key_a_service_refuses_to_start(
    key_store_engine: Engine, keys_folder: Path
) -> None:
    keys = open_keys(key_store_engine, keys_folder)
    keys.create_many([new_id(), new_id()])
    [lost] = masters(keys_folder)
    lost.unlink()
    with pytest.raises(MasterKeyMissing) as refused:
        open_keys(key_store_engine, keys_folder)
    message = str(refused.value)
    assert f"master key {lost.stem}, which wraps 2 keys, is not in {keys_folder}" in message
    assert "\n" not in message
    assert masters(keys_folder) == [], "a lost key must not be replaced by a new one"


def test_another_key_under_the_same_name_is_not_taken_for_it(
    key_store_engine: Engine, keys_folder: Path
) -> None:
    open_keys(key_store_engine, keys_folder).create(new_id())
    [file] = masters(keys_folder)
    file.write_bytes(base64.b64encode(os.urandom(32)))
    with pytest.raises(KeyProblem, match="is not the key that wrapped"):
        open_keys(key_store_engine, keys_folder)


@pytest.mark.parametrize("content", [b"", b"short", base64.b64encode(b"x" * 16), b"\xff" * 44])
def test_a_damaged_file_is_named(key_store_engine: Engine, keys_folder: Path, content: bytes) -> None:
    open_keys(key_store_engine, keys_folder)
    [file] = masters(keys_folder)
    file.write_bytes(content)
    with pytest.raises(KeyProblem, match=file.name):
        open_keys(key_store_engine, keys_folder)


def test_a_file_that_others_can_read_is_refused(key_store_engine: Engine, keys_folder: Path) -> None:
    open_keys(key_store_engine, keys_folder)
    masters(keys_folder)[0].chmod(0o640)
    with pytest.raises(KeyProblem, match="chmod 600"):
        open_keys(key_store_engine, keys_folder)


def test_after_a_rotation_new_things_are_wrapped_with_the_new_and_old_things_still_open(
    key_store_engine: Engine, keys_folder: Path
) -> None:
    keys = open_keys(key_store_engine, keys_folder)
    before, after = new_id(), new_id()
    old, sealed = keys.master_keys.current, _created(keys, before)
    new = keys.master_keys.rotate()
    keys.create(after)
    assert _wrapped_by(key_store_engine) == {before: old, after: new}
    assert open_keys(key_store_engine, keys_folder).decrypt_for(before, "audit", sealed) == "reason"


def _wrapped_by(engine: Engine) -> dict[object, str]:
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT nominal_id, master_id FROM nominal_key WHERE master_id IS NOT NULL")
        )
        return {row[0]: row[1] for row in rows}


def test_a_process_that_runs_finds_the_key_that_another_rotated_in(
    key_store_engine: Engine, keys_folder: Path
) -> None:
    running = open_keys(key_store_engine, keys_folder)
    nominal = new_id()
    MasterKeys(keys_folder).rotate()
    sealed = _created(open_keys(key_store_engine, keys_folder), nominal)
    assert running.decrypt_for(nominal, "audit", sealed) == "reason"


def test_rewrapped_everything_opens_without_the_old_one(key_store_engine: Engine, keys_folder: Path) -> None:
    keys = open_keys(key_store_engine, keys_folder)
    nominals = [new_id() for _ in range(25)]
    keys.create_many(nominals)
    sealed = keys.encrypt_for(nominals[3], "audit", "reason")
    keys.destroy(nominals[0])
    old = keys.master_keys.current
    with pytest.raises(KeyProblem, match="current"):
        keys.master_keys.retire(old)
    new = keys.master_keys.rotate()
    with pytest.raises(KeyProblem, match="still wraps 24 keys"):
        retire(key_store_engine, keys.master_keys, old)
    assert rewrap(key_store_engine, keys.master_keys, chunk=10) == 24
    assert rewrap(key_store_engine, keys.master_keys) == 0
    retire(key_store_engine, keys.master_keys, old)
    assert [file.stem for file in masters(keys_folder)] == [new]
    again = open_keys(key_store_engine, keys_folder)
    assert again.decrypt_for(nominals[3], "audit", sealed) == "reason"
    with pytest.raises(KeyDestroyed):
        again.for_nominal(nominals[0])


def test_a_rewrap_does_not_bring_a_destroyed_key_back(key_store_engine: Engine, keys_folder: Path) -> None:
    """The row was read for its rewrapping, then the key is destroyed, then the new wrapping is written."""
    from shared.keys import store  # noqa: PLC0415 - only this test goes below the surface

    keys = open_keys(key_store_engine, keys_folder)
    nominal = new_id()
    keys.create(nominal)
    engine = key_store_engine.execution_options(isolation_level="AUTOCOMMIT")
    new = keys.master_keys.rotate()
    [row] = store.wrapped_by_others(engine, new, 10)
    keys.destroy(nominal)
    assert store.replace(engine, [(row, row.wrapped_key or b"", new)]) == 0
    with pytest.raises(KeyDestroyed):
        keys.for_nominal(nominal)


def test_a_process_killed_while_it_makes_a_key_leaves_none_or_a_whole_one(keys_folder: Path) -> None:
    killed = (
        "import os, pathlib, sys; from shared.keys import private_files, MasterKeys\n"
        "private_files.os.link = lambda *_: os._exit(9)\n"
        "MasterKeys(pathlib.Path(sys.argv[1])).make_first()"
    )
    assert subprocess.run([sys.executable, "-c", killed, keys_folder], check=False).returncode == 9
    assert masters(keys_folder) == []
    made = MasterKeys(keys_folder).make_first()
    assert MasterKeys(keys_folder).ids == (made,)
