"""The numbered entries in their order, each hashed again and compared with what was numbered, chained and sealed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from shared.audit import chain
from shared.audit.reading import FIELDS_SQL, TRANSACTION_SQL, hash_again

SQL = (
    f"SELECT n.number, n.entry_id, n.entry_hash, {TRANSACTION_SQL}, e.hash, {FIELDS_SQL}"  # noqa: S608 - made of constants
    " FROM audit_number AS n LEFT JOIN audit_entry AS e ON e.id = n.entry_id ORDER BY n.number"
)


class NumberRow(NamedTuple):
    """`transaction` and `stored_hash` are None where the entry is gone."""

    number: int
    entry_id: UUID
    entry_hash: bytes
    transaction: int | None
    stored_hash: bytes | None
    computed_hash: bytes | None

    @property
    def consistent(self) -> bool:
        return self.computed_hash is not None and self.computed_hash == self.entry_hash == self.stored_hash


def _row(raw: tuple[Any, ...]) -> NumberRow:
    number, entry_id, entry_hash, transaction, stored_hash, *fields = raw
    number_again = None if transaction is None else int(transaction)
    return NumberRow(number, entry_id, entry_hash, number_again, stored_hash, hash_again(fields))


class Suspect(NamedTuple):
    """Where the walk stopped: the number that was to come, and what came instead (None: the end)."""

    number: int
    row: NumberRow | None


class NumberWalk:
    """Walks on from number 1; memory does not grow with the audit."""

    def __init__(self, service: str, rows: Iterator[tuple[Any, ...]]) -> None:
        self._rows = rows
        self._head = chain.genesis(service)
        self.last = 0

    @property
    def head(self) -> str:
        return self._head.hex()

    def to(self, last: int, marks: bytes) -> Suspect | None:
        """Walk to this number; stops at the first entry that is not as it was sealed.

        `marks` (24 bytes each, see `chain`) are what the seal file keeps of these entries; without them an entry
        that was altered together with its number shows only in `head`.
        """
        head, rows, at = self._head, self._rows, 0
        for number in range(self.last + 1, last + 1):
            raw = next(rows, None)
            if raw is None:
                return Suspect(number, None)
            row = _row(raw)
            if row.number != number or row.transaction is None or not row.consistent:
                return Suspect(number, row)
            leaf = chain.leaf(row.entry_id.bytes, row.entry_hash, row.transaction)
            if marks and marks[at : at + chain.MARK] != chain.mark(row.entry_id.bytes, leaf):
                return Suspect(number, row)
            head = self._head = chain.link(head, number, leaf)
            self.last, at = number, at + chain.MARK
        return None

    def next_number(self) -> int | None:
        """After the last seal: a number that no seal covers, if there is one."""
        raw = next(self._rows, None)
        return None if raw is None else int(raw[0])
