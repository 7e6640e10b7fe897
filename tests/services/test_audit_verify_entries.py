"""Every way to tamper with an entry behind the application's back, and that verification names it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from shared.audit.canonical import FIELDS, canonical, microseconds
from shared.audit.seal import read
from shared.audit.seal_file import Head
from shared.ids import new_id
from tests.servers.audited import TABLES, Audited

SHIFT = 1_000_000

ALTERATIONS = {
    "id": "gen_random_uuid()",
    "at": "at + interval '1 microsecond'",
    "service": "'identity'",
    "actor": "gen_random_uuid()",
    "session_id": "NULL",
    "terminal": "terminal || ' '",
    "action": "'records.nominals.search'",
    "outcome": "'refused'",
    "refusal_code": "NULL",
    "subject_kind": "'referral'",
    "subject_id": "NULL",
    "nominal_id": "gen_random_uuid()",
    "origin_ids": "origin_ids[1:1]",
    "facts": "facts || '{\"pages\": 4}'",
    "private": "set_byte(private, 0, 2)",
    "correlation_id": "NULL",
    "hash": "set_byte(hash, 31, get_byte(hash, 31) # 1)",
    "transaction_id": "'3'",
}


def rehashed(sealed: Audited, number: int) -> bytes:
    """The hash an attacker would compute for the entry as it stands now."""
    columns = [TABLES.entry.c[name] for name in FIELDS]
    with sealed.engine.connect() as connection:
        chosen = TABLES.entry.c.id == sealed.id_of(number)
        values = list(
            connection.execute(TABLES.entry.select().with_only_columns(*columns).where(chosen)).one()
        )
    values[1] = microseconds(values[1])
    return sha256(canonical(*values)).digest()


def cover_up(sealed: Audited, number: int) -> None:
    """After an alteration: make every hash in the database agree with it."""
    digest = rehashed(sealed, number)
    sealed.behind_its_back(
        "UPDATE audit_entry SET hash = %(hash)s WHERE id = %(id)s",
        "UPDATE audit_number SET entry_hash = %(hash)s WHERE entry_id = %(id)s",
        hash=digest,
        id=sealed.id_of(number),
    )


def move_numbers(sealed: Audited, start: int, by: int) -> None:
    """Give every entry from `start` on another number."""
    sealed.behind_its_back(
        "UPDATE audit_number SET number = number + %(far)s WHERE number >= %(start)s",
        "UPDATE audit_number SET number = number - %(far)s + %(by)s WHERE number >= %(far)s",
        far=SHIFT,
        start=start,
        by=by,
    )


def swap_numbers(sealed: Audited, one: int, other: int) -> None:
    sealed.behind_its_back(
        "UPDATE audit_number SET number = -1 WHERE number = %(one)s",
        "UPDATE audit_number SET number = %(one)s WHERE number = %(other)s",
        "UPDATE audit_number SET number = %(other)s WHERE number = -1",
        one=one,
        other=other,
    )


def copy_in(sealed: Audited, transaction: str) -> UUID:
    """A new entry that claims this transaction, made of another, with a right hash of its own."""
    source = sealed.query("SELECT min(number) FROM audit_number")[0][0]
    made = new_id()
    columns = ", ".join(name for name in (*FIELDS, "hash") if name != "id")
    sealed.behind_its_back(
        f"INSERT INTO audit_entry (id, transaction_id, {columns}) SELECT %(made)s, %(transaction)s::xid8, {columns}"
        " FROM audit_entry WHERE id = %(id)s",
        made=made,
        transaction=transaction,
        id=sealed.id_of(source),
    )
    columns_again = [TABLES.entry.c[name] for name in FIELDS]
    with sealed.engine.connect() as connection:
        chosen = TABLES.entry.select().with_only_columns(*columns_again).where(TABLES.entry.c.id == made)
        values = list(connection.execute(chosen).one())
    values[1] = microseconds(values[1])
    digest = sha256(canonical(*values)).digest()
    sealed.behind_its_back("UPDATE audit_entry SET hash = %(h)s WHERE id = %(id)s", h=digest, id=made)
    return made


@pytest.mark.parametrize("with_file", [True, False])
def test_nothing_is_found_where_nothing_was_done(sealed: Audited, with_file: bool) -> None:
    verdict = sealed.verify(with_file=with_file)
    assert verdict.ok
    assert (verdict.entries, verdict.seals, verdict.unsealed) == (30, 3, 5)


@pytest.mark.parametrize(
    ("column", "number"), [*((column, 14) for column in ALTERATIONS), ("facts", 1), ("private", 30)]
)
def test_an_altered_column_is_named(sealed: Audited, column: str, number: int) -> None:
    before = sealed.id_of(number)
    sealed.behind_its_back(
        f"UPDATE audit_entry SET {column} = {ALTERATIONS[column]} WHERE id = %(id)s", id=before
    )
    found = sealed.first()
    # An entry with another id is another entry: the one that was sealed is gone.
    expected = "removed" if column == "id" else "altered"
    assert (found.kind, found.number, found.entry_id) == (expected, number, before)


def test_every_column_has_its_alteration() -> None:
    assert set(ALTERATIONS) == set(TABLES.entry.c.keys())


@pytest.mark.parametrize(
    "value", ["at = 'infinity'", "facts = '{\"n\": 1.5}'", "facts = '[]'", "facts = 'null'"]
)
def test_values_that_no_entry_could_have_are_named_not_stumbled_over(sealed: Audited, value: str) -> None:
    sealed.behind_its_back(f"UPDATE audit_entry SET {value} WHERE id = %(id)s", id=sealed.id_of(14))
    assert (sealed.first().kind, sealed.first().number) == ("altered", 14)


@pytest.mark.parametrize("column", ["facts", "service", "origin_ids", "hash", "transaction_id"])
def test_a_value_taken_away_is_named(sealed: Audited, column: str) -> None:
    sealed.behind_its_back(
        f"ALTER TABLE audit_entry ALTER COLUMN {column} DROP NOT NULL",
        f"UPDATE audit_entry SET {column} = NULL WHERE id = %(id)s",
        id=sealed.id_of(14),
    )
    assert sealed.first().number == 14


def test_numbers_in_facts_beyond_all_measure_are_named(sealed: Audited) -> None:
    huge = "UPDATE audit_entry SET facts = ('{\"n\": 1' || repeat('0', 9000) || '}')::jsonb WHERE id = %(id)s"
    sealed.behind_its_back(huge, id=sealed.id_of(14))
    assert (sealed.first().kind, sealed.first().number) == ("altered", 14)


@pytest.mark.parametrize("number", [1, 14, 20, 21, 30])
def test_an_entry_altered_together_with_all_its_hashes_is_named(sealed: Audited, number: int) -> None:
    sealed.behind_its_back(
        "UPDATE audit_entry SET outcome = 'done' WHERE id = %(id)s", id=sealed.id_of(number)
    )
    cover_up(sealed, number)
    found = sealed.first()
    assert (found.kind, found.number, found.entry_id) == ("altered", number, sealed.id_of(number))


def test_without_the_seal_file_such_an_alteration_is_named_by_its_seal(sealed: Audited) -> None:
    sealed.behind_its_back("UPDATE audit_entry SET outcome = 'done' WHERE id = %(id)s", id=sealed.id_of(14))
    cover_up(sealed, 14)
    found = sealed.first(with_file=False)
    assert (found.kind, found.number, found.seal) == ("altered", 11, 2)
    assert "11 to 20" in found.what


@pytest.mark.parametrize("with_file", [True, False])
@pytest.mark.parametrize("number", [1, 14, 30])
def test_a_removed_row_is_named(sealed: Audited, number: int, with_file: bool) -> None:
    gone = sealed.id_of(number)
    sealed.behind_its_back("DELETE FROM audit_entry WHERE id = %(id)s", id=gone)
    found = sealed.first(with_file=with_file)
    assert (found.kind, found.number, found.entry_id) == ("removed", number, gone)


@pytest.mark.parametrize("number", [1, 14, 20, 30])
@pytest.mark.parametrize("also_the_row", [True, False])
def test_a_removed_number_is_named(sealed: Audited, number: int, also_the_row: bool) -> None:
    gone = sealed.id_of(number)
    if also_the_row:
        sealed.behind_its_back("DELETE FROM audit_entry WHERE id = %(id)s", id=gone)
    sealed.behind_its_back("DELETE FROM audit_number WHERE number = %(n)s", n=number)
    found = sealed.first()
    assert (found.kind, found.number, found.entry_id) == ("removed", number, gone)
    assert sealed.first(with_file=False).number == number


@pytest.mark.parametrize("number", [1, 14, 20, 30])
def test_a_removal_with_the_gap_closed_is_named(sealed: Audited, number: int) -> None:
    gone = sealed.id_of(number)
    sealed.behind_its_back(
        "DELETE FROM audit_entry WHERE id = %(id)s",
        "DELETE FROM audit_number WHERE entry_id = %(id)s",
        id=gone,
    )
    move_numbers(sealed, number, -1)
    found = sealed.first()
    assert (found.kind, found.number, found.entry_id) == ("removed", number, gone)
    assert not sealed.verify(with_file=False).ok


@pytest.mark.parametrize(("one", "other"), [(14, 15), (12, 18), (20, 21), (3, 29), (1, 30)])
def test_swapped_entries_are_named(sealed: Audited, one: int, other: int) -> None:
    moved = sealed.id_of(one)
    swap_numbers(sealed, one, other)
    found = sealed.first()
    assert (found.kind, found.number, found.entry_id) == ("swapped", one, moved)
    assert not sealed.verify(with_file=False).ok


@pytest.mark.parametrize("with_file", [True, False])
def test_swapped_contents_are_named(sealed: Audited, with_file: bool) -> None:
    columns = ", ".join((*FIELDS[1:], "hash"))
    exchange = (
        f"UPDATE audit_entry AS a SET ({columns}) = (SELECT {columns} FROM audit_entry AS b"
        " WHERE b.id = CASE a.id WHEN %(one)s THEN %(other)s ELSE %(one)s END) WHERE a.id IN (%(one)s, %(other)s)"
    )
    sealed.behind_its_back(exchange, one=sealed.id_of(8), other=sealed.id_of(22))
    found = sealed.first(with_file=with_file)
    assert (found.kind, found.number, found.entry_id) == ("swapped", 8, sealed.id_of(8))
    assert "22" in found.what


@pytest.mark.parametrize("with_file", [True, False])
@pytest.mark.parametrize("before", [1, 15, 30])
def test_an_entry_put_in_with_an_old_transaction_is_named(
    sealed: Audited, before: int, with_file: bool
) -> None:
    neighbour = "SELECT transaction_id::text FROM audit_entry WHERE id = %(id)s"
    transaction = int(sealed.query(neighbour, id=sealed.id_of(before))[0][0]) - (before == 1)
    added = copy_in(sealed, str(transaction))
    # The ids are in the order of their making, so this one comes after the one whose transaction it borrows.
    place = 1 if before == 1 else before + 1
    found = sealed.first(with_file=with_file)
    assert (found.kind, found.number, found.entry_id) == ("inserted", place, added)


@pytest.mark.parametrize("number", [1, 15, 20, 21])
def test_an_entry_put_in_with_a_number_is_named(sealed: Audited, number: int) -> None:
    added = copy_in(sealed, "3")
    move_numbers(sealed, number, +1)
    sealed.behind_its_back(
        "INSERT INTO audit_number SELECT %(n)s, id, hash FROM audit_entry WHERE id = %(id)s",
        n=number,
        id=added,
    )
    found = sealed.first()
    assert (found.kind, found.number, found.entry_id) == ("inserted", number, added)
    assert not sealed.verify(with_file=False).ok


def test_an_entry_put_before_the_first_number_is_named(sealed: Audited) -> None:
    added = copy_in(sealed, "3")
    sealed.behind_its_back(
        "INSERT INTO audit_number SELECT 0, id, hash FROM audit_entry WHERE id = %(id)s", id=added
    )
    found = sealed.first()
    assert (found.kind, found.number, found.entry_id) == ("inserted", 0, added)


def test_a_number_after_the_last_seal_is_named(sealed: Audited) -> None:
    added = copy_in(sealed, "3")
    sealed.behind_its_back(
        "INSERT INTO audit_number SELECT 31, id, hash FROM audit_entry WHERE id = %(id)s", id=added
    )
    assert sealed.first().number == 31


@pytest.mark.parametrize("transaction", [str(1 << 40), str((1 << 64) - 1)])
def test_a_transaction_that_has_not_begun_is_named(sealed: Audited, transaction: str) -> None:
    added = copy_in(sealed, transaction)
    found = sealed.first()
    assert (found.kind, found.entry_id) == ("inserted", added)
    # Nor can it stop the sealer, which waits for it for ever and seals the others.
    assert sealed.seal().entries == 5


def test_the_first_of_several_is_named(sealed: Audited) -> None:
    sealed.behind_its_back("UPDATE audit_entry SET outcome = 'done' WHERE id = %(id)s", id=sealed.id_of(25))
    added = copy_in(sealed, "3")
    gone = sealed.id_of(7)
    sealed.behind_its_back("DELETE FROM audit_entry WHERE id = %(id)s", id=gone)
    assert [(one.kind, one.entry_id) for one in sealed.verify().findings] == [
        ("inserted", added),
        ("removed", gone),
    ]


def test_an_entry_altered_before_its_seal_is_named_as_long_as_its_hash_is_not_its_own(
    sealed: Audited,
) -> None:
    waiting = sealed.query("SELECT id FROM audit_entry WHERE id NOT IN (SELECT entry_id FROM audit_number)")
    sealed.behind_its_back("UPDATE audit_entry SET outcome = 'done' WHERE id = %(id)s", id=waiting[0][0])
    found = sealed.first()
    assert (found.kind, found.number, found.entry_id) == ("altered", None, waiting[0][0])


def test_the_unsealed_window_is_said_plainly(sealed: Audited) -> None:
    told = "\n".join(sealed.verify().lines())
    assert "30 entries under 3 seals" in told
    assert "5 entries since 2026-04-07 12:00:00Z are not sealed yet" in told
    sealed.seal()
    assert "No entry is waiting for its seal." in "\n".join(sealed.verify().lines())


def truncate_after(sealed: Audited, seal: int) -> None:
    last = read(
        sealed.query("SELECT token FROM audit_seal WHERE sequence = %(s)s", s=seal)[0][0],
        "records",
        sealed.keys.public_keys(),
    ).last
    sealed.behind_its_back(
        "DELETE FROM audit_entry WHERE id NOT IN (SELECT entry_id FROM audit_number WHERE number <= %(last)s)",
        "DELETE FROM audit_number WHERE number > %(last)s",
        "DELETE FROM audit_seal WHERE sequence > %(seal)s",
        last=last,
        seal=seal,
    )


def test_a_cut_off_end_is_named_by_its_first_entry(sealed: Audited) -> None:
    gone = sealed.id_of(21)
    truncate_after(sealed, 2)
    found = sealed.first()
    assert (found.kind, found.number, found.entry_id, found.seal) == ("removed", 21, gone, 3)


def test_without_the_seal_file_a_head_kept_elsewhere_shows_the_cut_off_end(sealed: Audited) -> None:
    pinned = sealed.file.pinned()
    truncate_after(sealed, 2)
    unaware = sealed.verify(with_file=False)
    assert unaware.ok
    assert "a cut-off end would not be seen" in "\n".join(unaware.lines())
    finding = sealed.verify(with_file=False, pinned=pinned).first
    assert finding is not None
    assert (finding.kind, finding.seal) == ("seal_removed", 3)


def test_a_head_of_another_history_is_named(sealed: Audited) -> None:
    finding = sealed.verify(pinned=Head(2, "0" * 64)).first
    assert finding is not None
    assert (finding.kind, finding.seal) == ("seal_forged", 2)


def test_memory_does_not_grow_with_the_audit(audited: Audited, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows come a page at a time: the most that is fetched at once is the page, not the table."""
    fetched: list[int] = []
    import psycopg._server_cursor_base as base  # noqa: PLC0415 - only here, to count what is fetched

    original = base.ServerCursorMixin._fetch_gen

    def counting(self: Any, num: int | None) -> Any:
        fetched.append(num or SHIFT)
        return original(self, num)

    monkeypatch.setattr(base.ServerCursorMixin, "_fetch_gen", counting)
    audited.write(20)
    audited.seal()
    assert audited.verify().ok
    assert fetched
    assert max(fetched) <= 2_000
