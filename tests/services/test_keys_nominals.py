"""Each nominal's own key: what it opens, what it does not, and what is left when it is destroyed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, text

from shared.ids import new_id
from shared.keys import KeyDestroyed, KeyMissing, NominalKeys, NotReadable, open_keys
from shared.keys.cache import KeyCache
from shared.keys.nominal_key import NominalKey


@pytest.fixture
def keys(key_store_engine: Engine, keys_folder: Path) -> NominalKeys:
    return open_keys(key_store_engine, keys_folder, "records")


class Hand:
    """A clock that a test moves by hand, in seconds."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def another_process(keys: NominalKeys, hand: Hand | None = None) -> NominalKeys:
    cache = KeyCache(monotonic=hand) if hand else None
    return NominalKeys(keys._engine, keys.master_keys, "records", cache=cache)


def queries(engine: Engine) -> list[str]:
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: sent.append(call[2]))
    return sent


def test_what_one_encrypts_it_decrypts(keys: NominalKeys) -> None:
    nominal = new_id()
    keys.create(nominal)
    sealed = keys.encrypt_for(nominal, "audit", "Sighted outside the school, ñ")
    assert b"Sighted" not in sealed
    assert keys.decrypt_for(nominal, "audit", sealed) == "Sighted outside the school, ñ"
    assert another_process(keys).decrypt_for(nominal, "audit", sealed) == "Sighted outside the school, ñ"


def test_the_same_text_never_looks_the_same(keys: NominalKeys) -> None:
    nominal = new_id()
    keys.create(nominal)
    assert len({keys.encrypt_for(nominal, "audit", "the same") for _ in range(20)}) == 20


def test_a_value_opens_for_its_own_nominal_and_purpose_only(keys: NominalKeys) -> None:
    nominal, other = new_id(), new_id()
    keys.create_many([nominal, other])
    sealed = keys.encrypt_for(nominal, "audit", "reason")
    for whose, purpose in ((other, "audit"), (nominal, "history"), (None, "audit")):
        with pytest.raises(NotReadable):
            keys.decrypt_for(whose, purpose, sealed)


KEY = NominalKey.of(UUID(int=1), UUID(int=2), bytes(32))
SEALED = KEY.encrypt("audit", "a reason of some length")


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
@settings(max_examples=300, deadline=None)
def test_no_byte_of_it_can_be_altered(place: int, change: int) -> None:
    altered = bytearray(SEALED)
    altered[place] ^= change
    with pytest.raises(NotReadable):
        KEY.decrypt("audit", bytes(altered))


@given(st.integers(0, len(SEALED) - 1))
def test_no_part_of_it_is_enough(length: int) -> None:
    with pytest.raises(NotReadable):
        KEY.decrypt("audit", SEALED[:length])


@pytest.mark.parametrize(
    "other",
    [
        NominalKey.of(UUID(int=3), UUID(int=2), bytes(32)),
        NominalKey.of(UUID(int=1), UUID(int=4), bytes(32)),
        NominalKey.of(UUID(int=1), UUID(int=2), b"\1" * 32),
    ],
)
def test_even_with_the_same_secret_another_nominal_or_key_opens_nothing(other: NominalKey) -> None:
    assert KEY.decrypt("audit", SEALED) == "a reason of some length"
    with pytest.raises(NotReadable):
        other.decrypt("audit", SEALED)


def test_a_wrapped_key_moved_to_another_nominal_does_not_open(
    keys: NominalKeys, key_store_engine: Engine
) -> None:
    """Whoever owns the key store cannot give one nominal another's key."""
    nominal, other = new_id(), new_id()
    keys.create_many([nominal, other])
    with key_store_engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE nominal_key SET wrapped_key = (SELECT wrapped_key FROM nominal_key WHERE nominal_id = :a)"
                " WHERE nominal_id = :b"
            ),
            {"a": nominal, "b": other},
        )
    with pytest.raises(NotReadable):
        another_process(keys).for_nominal(other)


def test_without_a_key_nothing_is_encrypted(keys: NominalKeys) -> None:
    with pytest.raises(KeyMissing):
        keys.encrypt_for(new_id(), "audit", "reason")


def test_created_twice_it_is_the_same_key(keys: NominalKeys) -> None:
    nominal = new_id()
    first = keys.create(nominal)
    assert another_process(keys).create(nominal).key_id == first.key_id


def test_two_who_create_at_once_get_one_key(keys: NominalKeys) -> None:
    nominals = [new_id() for _ in range(20)]
    both = [another_process(keys), another_process(keys)]
    start = threading.Barrier(2)

    def create(mine: NominalKeys) -> list[UUID]:
        start.wait()
        return [mine.create(nominal).key_id for nominal in nominals]

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(create, both)
    assert first == second


def test_many_are_made_and_read_at_once(keys: NominalKeys) -> None:
    nominals = [new_id() for _ in range(12_000)]
    keys.create_many(nominals)
    keys.create_many([])
    sent = queries(keys._engine)
    found = keys.for_many(nominals[:300])
    assert [found[nominal].nominal_id for nominal in nominals[:300]] == nominals[:300]
    assert len({key.key_id for key in found.values()}) == 300
    assert len(sent) == 1


def test_a_destroyed_key_is_gone_and_its_values_with_it(keys: NominalKeys, key_store_engine: Engine) -> None:
    nominal = new_id()
    keys.create(nominal)
    sealed = keys.encrypt_for(nominal, "audit", "reason")
    keys.destroy(nominal)
    keys.destroy(nominal)
    for attempt in (keys.for_nominal, keys.create):
        with pytest.raises(KeyDestroyed):
            attempt(nominal)
    with pytest.raises(KeyDestroyed):
        keys.decrypt_for(nominal, "audit", sealed)
    with key_store_engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT wrapped_key, master_id, destroyed_at IS NOT NULL FROM nominal_key WHERE nominal_id = :id"
            ),
            {"id": nominal},
        ).one()
    assert tuple(row) == (None, None, True)


def test_a_key_destroyed_elsewhere_dies_here_within_a_minute(keys: NominalKeys) -> None:
    hand = Hand()
    elsewhere = another_process(keys, hand)
    nominal = new_id()
    keys.create(nominal)
    elsewhere.for_nominal(nominal)
    keys.destroy(nominal)
    hand.seconds = 59.9
    elsewhere.for_nominal(nominal)
    hand.seconds = 60.0
    with pytest.raises(KeyDestroyed):
        elsewhere.for_nominal(nominal)


def test_use_does_not_prolong_a_cached_key(keys: NominalKeys) -> None:
    hand = Hand()
    elsewhere = another_process(keys, hand)
    nominal = new_id()
    keys.create(nominal)
    elsewhere.for_nominal(nominal)
    keys.destroy(nominal)
    for hand.seconds in (20.0, 40.0, 59.0):
        elsewhere.for_nominal(nominal)
    hand.seconds = 61.0
    with pytest.raises(KeyDestroyed):
        elsewhere.for_nominal(nominal)


def test_a_cached_key_asks_the_store_once(keys: NominalKeys) -> None:
    nominal = new_id()
    keys.create(nominal)
    sent = queries(keys._engine)
    elsewhere = another_process(keys)
    for _ in range(50):
        elsewhere.for_nominal(nominal)
    assert len(sent) == 1


def test_the_cache_is_bounded() -> None:
    cache = KeyCache(most=10)
    for number in range(50):
        cache.put(NominalKey.of(UUID(int=number), UUID(int=number), bytes(32)), cache.mark())
    assert len(cache) == 10
    assert cache.get(UUID(int=49)) is not None
    assert cache.get(UUID(int=39)) is None


def test_what_was_read_before_it_was_destroyed_is_not_kept() -> None:
    """One thread has read the row; another destroys the key; the first then puts it into the cache."""
    cache = KeyCache()
    mark = cache.mark()
    cache.forget(KEY.nominal_id)
    cache.put(KEY, mark)
    assert cache.get(KEY.nominal_id) is None


def test_the_service_has_a_key_for_what_belongs_to_no_nominal(keys: NominalKeys) -> None:
    sealed = keys.encrypt_for(None, "audit", "SMITH 1971")
    assert another_process(keys).decrypt_for(None, "audit", sealed) == "SMITH 1971"
    other_service = NominalKeys(keys._engine, keys.master_keys, "identity")
    with pytest.raises(NotReadable):
        other_service.decrypt_for(None, "audit", sealed)


def test_a_restored_key_store_forgets_no_deletion(keys: NominalKeys, key_store_engine: Engine) -> None:
    """The backup was taken before two nominals were deleted, and before one of them was even made."""
    kept, deleted, later = new_id(), new_id(), new_id()
    keys.create_many([kept, deleted])
    with key_store_engine.begin() as connection:
        connection.execute(text("CREATE TABLE backup AS TABLE nominal_key"))
    keys.create(later)
    keys.destroy(deleted, later)
    with key_store_engine.begin() as connection:
        connection.execute(text("TRUNCATE nominal_key"))
        connection.execute(text("INSERT INTO nominal_key SELECT * FROM backup"))

    restored = another_process(keys)
    restored.for_nominal(deleted)
    assert restored.replay_tombstones() == 1
    assert restored.replay_tombstones() == 0
    restored.for_nominal(kept)
    for gone in (deleted, later):
        with pytest.raises(KeyDestroyed):
            restored.create(gone)


def test_a_tombstone_cut_short_spoils_no_other(keys: NominalKeys) -> None:
    whole, next_one = new_id(), new_id()
    keys.create_many([whole, next_one])
    keys.destroy(whole)
    with keys._tombstones.path.open("a") as file:
        file.write("0190")
    keys.destroy(next_one)
    assert keys._tombstones.read() == [whole, next_one]
