"""What other capabilities know of a nominal is kept so that it can be found, and cannot be read."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.records.search import parts
from services.records.search.known import Kind, forget, hashes, know
from shared.ids import new_id
from tests.servers.records import World

ENTRY = new_id()
TEXTS: list[tuple[Kind, str]] = [
    ("telephone", "07700 900123"),
    ("vehicle", "AB12 CDE"),
    ("address", "12 Acacia Avenue, Leeds LS6 1AB"),
    ("identifier", "Passport 123456789"),
    ("name", "Dazza Sampleton"),
]


@pytest.fixture
def nominal(records: World) -> UUID:
    return records.nominal()


def learn(world: World, nominal: UUID, entries: list[tuple[Kind, str]], source: UUID = ENTRY) -> None:
    with world.runtime.system_work("test") as work:
        know(work, nominal, source, entries)


def kinds(world: World) -> list[str]:
    found = world.rows("SELECT kind FROM search_key UNION ALL SELECT 'name' FROM known_name")
    return sorted(row.kind for row in found)


def test_nothing_of_it_can_be_read(records: World, nominal: UUID) -> None:
    learn(records, nominal, TEXTS)
    assert kinds(records) == ["address", "identifier", "name", "telephone", "vehicle"]
    kept = str(records.rows("SELECT search_key::text AS row FROM search_key")).lower()
    kept += str(records.rows("SELECT known_name::text AS row FROM known_name")).lower()
    for told in ("900123", "ab12", "abi2", "acacia", "ls6", "123456789", "dazza", "sampleton"):
        assert told not in kept


def test_an_entry_changed_says_the_new_and_no_more_the_old(records: World, nominal: UUID) -> None:
    learn(records, nominal, TEXTS)
    learn(records, nominal, [("telephone", "07700 900456")])
    learn(records, nominal, [("telephone", "07700 900789")], source=new_id())
    key = records.runtime.keys.of_owner(None)
    kept = [row.keys for row in records.rows("SELECT keys FROM search_key ORDER BY id")]
    assert kept == [hashes(key, parts.kept("telephone", f"07700 900{end}")) for end in (456, 789)]
    assert kinds(records) == ["telephone", "telephone"]


def test_what_is_forgotten_is_gone(records: World, nominal: UUID) -> None:
    learn(records, nominal, TEXTS)
    with records.runtime.system_work("test") as work:
        forget(work, ENTRY)
    assert kinds(records) == []


def test_what_says_nothing_is_passed_over_and_the_same_is_kept_once(records: World, nominal: UUID) -> None:
    learn(records, nominal, [("telephone", "none"), ("name", "  "), ("vehicle", "?"), *TEXTS[:1], *TEXTS[:1]])
    assert kinds(records) == ["telephone"]


def test_another_home_has_other_hashes(records: World) -> None:
    """The key is of this deployment's own secret: a table of hashes made elsewhere is of no use."""
    theirs = records.runtime.keys.create(new_id())
    said = ["telephone 7700900123"]
    assert hashes(theirs, said) != hashes(records.runtime.keys.of_owner(None), said)
