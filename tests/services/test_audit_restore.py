"""After a restore: an older copy of the database beside newer seals, and a copy on another server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from shared.audit import sealing_statements
from shared.audit.seal import Seal, read, sign
from shared.audit.seal_file import head_of
from shared.audit.sealer import SealsDisagree
from tests.servers.audited import SERVICE, Audited

FreshDatabase = Callable[..., str]


@pytest.fixture
def restored(sealed: Audited, fresh_database: FreshDatabase, tmp_path: Path) -> Audited:
    """The backup was taken after three seals; three more were made since, and live on in the seal file."""
    backup = fresh_database("backup", template=sealed.url)
    for _ in range(2):
        sealed.write(10)
        sealed.seal()
    return Audited(backup, tmp_path, sealed.clock)


def test_an_older_copy_is_not_taken_for_the_whole(restored: Audited) -> None:
    """Five entries had no seal when the backup was taken: they are there, but not under their numbers."""
    found = restored.first()
    assert (found.kind, found.number, found.seal) == ("removed", 31, 4)
    with pytest.raises(SealsDisagree, match="restored from an older copy"):
        restored.seal()


def test_once_somebody_says_that_it_was_restored_it_goes_on_and_says_what_was_lost(restored: Audited) -> None:
    restored.write(4)
    assert restored.seal(after_restore=True).entries == 9
    verdict = restored.verify()
    assert verdict.ok
    assert "3 seals were lost when the database was restored" in "\n".join(verdict.lines())
    assert (verdict.entries, verdict.seals) == (39, 4)
    restored.write(3)
    restored.seal()
    assert restored.verify().ok
    assert restored.verify(with_file=False).ok


def test_what_was_restored_is_guarded_as_before(restored: Audited) -> None:
    restored.seal(after_restore=True)
    gone = restored.id_of(33)
    restored.behind_its_back("DELETE FROM audit_entry WHERE id = %(id)s", id=gone)
    found = restored.first()
    assert (found.kind, found.number, found.entry_id, found.seal) == ("removed", 33, gone, 7)


def test_swapped_entries_are_named_by_their_new_numbers(restored: Audited) -> None:
    restored.write(4)
    restored.seal(after_restore=True)
    moved, other = restored.id_of(32), restored.id_of(37)
    restored.behind_its_back(
        "UPDATE audit_number SET number = -1 WHERE number = 32",
        "UPDATE audit_number SET number = 32 WHERE number = 37",
        "UPDATE audit_number SET number = 37 WHERE number = -1",
    )
    found = restored.first()
    assert (found.kind, found.number, found.entry_id) == ("swapped", 32, moved)
    assert f"with entry {other}, sealed as number 37" in found.what


def test_a_restore_is_said_even_when_nothing_is_left_to_seal(
    sealed: Audited, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    sealed.seal()
    backup = Audited(fresh_database("backup", template=sealed.url), tmp_path, sealed.clock)
    sealed.write(2)
    sealed.seal()
    assert backup.seal(after_restore=True).entries == 0
    assert backup.verify().ok
    backup.write(2)
    backup.seal()
    assert backup.verify().entries == 37


def test_on_another_server_transaction_numbers_begin_anew(
    sealed: Audited,
) -> None:
    """A dump restored elsewhere keeps the old server's numbers, and the new one counts from below or above them."""
    far = 1 << 40
    sealed.behind_its_back(
        "UPDATE audit_entry SET transaction_id = %(far)s::text::xid8 WHERE id NOT IN (SELECT entry_id FROM audit_number)",
        far=far,
    )
    assert not sealed.verify().ok
    with sealed.engine.connect() as connection:
        here = sealing_statements.cluster(connection)
    moved = replace(newest(sealed), cluster="another server")
    resign(sealed, moved)
    assert sealed.verify().ok
    assert sealed.seal().entries == 5
    assert newest(sealed).cluster == here
    sealed.write(3)
    assert sealed.seal().entries == 3
    assert sealed.verify().ok


def newest(sealed: Audited) -> Seal:
    with sealed.engine.connect() as connection:
        return read(sealing_statements.last_token(connection) or "", SERVICE, sealed.keys.public_keys())


def resign(sealed: Audited, seal: Seal) -> None:
    """Put another seal, rightly signed, in the place of the newest, in the database and in the file."""
    *others, last = list(sealed.file.lines())
    token = sign(seal, sealed.keys.current)
    sealed.file.path.unlink()
    for line in others:
        sealed.file.append(line.token, line.marks)
    sealed.file.append(token, last.marks)
    sealed.file.pin(head_of(token))
    sealed.behind_its_back(
        "UPDATE audit_seal SET token = %(t)s WHERE sequence = %(s)s", t=token, s=seal.sequence
    )
