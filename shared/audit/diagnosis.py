"""What happened to the first entry that is not as it was sealed. Runs once, so it may look around."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from shared.audit import chain, reading
from shared.audit.number_walk import NumberRow, Suspect
from shared.audit.reading import Raw
from shared.audit.verdict import Finding

SealedNumber = Callable[[UUID], int | None]


def diagnose(raw: Raw, suspect: Suspect, seal: int, mark: bytes, sealed_number: SealedNumber) -> Finding:
    """`mark` is what the seal file keeps of the number that was to come (empty without one); `sealed_number` finds
    the number under which that file knows an entry.
    """
    number, row = suspect
    expected = UUID(bytes=mark[:16]) if mark else None
    if row is not None and row.number < number:
        what = "a number that was never given"
        return Finding("inserted", what, row.number, row.entry_id, seal)
    if row is None or row.number > number:
        return _gone(raw, number, expected, seal)
    if expected is not None and row.entry_id != expected:
        return _other(raw, row, expected, seal, sealed_number)
    if row.stored_hash is None:
        return Finding("removed", "its row is gone", number, row.entry_id, seal)
    return _changed(raw, row, mark, seal)


def _gone(raw: Raw, number: int, expected: UUID | None, seal: int) -> Finding:
    if expected is None:
        return Finding("removed", "nothing has this number any more", number, None, seal)
    now = reading.number_of(raw, expected)
    if now is not None:
        return Finding("swapped", f"it now has number {now}", number, expected, seal)
    what = (
        "its number is gone, its row still stands"
        if reading.exists(raw, expected)
        else "row and number are gone"
    )
    return Finding("removed", what, number, expected, seal)


def _other(raw: Raw, row: NumberRow, expected: UUID, seal: int, sealed_number: SealedNumber) -> Finding:
    """Another entry stands under this number than the one that was sealed."""
    now = reading.number_of(raw, expected)
    if now is None:
        return Finding("removed", f"entry {row.entry_id} stands in its place", row.number, expected, seal)
    was = sealed_number(row.entry_id)
    if was is None:
        return Finding(
            "inserted", f"it was never sealed; entry {expected} stood here", row.number, row.entry_id, seal
        )
    return Finding(
        "swapped", f"with entry {row.entry_id}, sealed as number {was}", row.number, expected, seal
    )


def _changed(raw: Raw, row: NumberRow, mark: bytes, seal: int) -> Finding:
    """The right entry, but not as it was sealed."""
    for digest in {row.computed_hash, row.stored_hash} - {row.entry_hash, None}:
        other = reading.number_with_hash(raw, digest or b"", other_than=row.number)
        if other is not None:
            what = f"its content is that of number {other}"
            return Finding("swapped", what, row.number, row.entry_id, seal)
    return Finding("altered", _how(row, mark), row.number, row.entry_id, seal)


def _how(row: NumberRow, mark: bytes) -> str:
    if row.computed_hash is None:
        return "no entry was ever written like this"
    as_sealed = chain.leaf(row.entry_id.bytes, row.computed_hash, row.transaction or 0)
    if mark and chain.mark(row.entry_id.bytes, as_sealed) == mark:
        return "the entry is as it was sealed, but the hash kept beside it or its number is not"
    if not row.computed_hash == row.entry_hash == row.stored_hash:
        return "its hash is no longer that of what it says"
    return "entry and hashes were altered together, or its transaction number was"
