r"""The chain over the numbered entries. Change nothing here: every seal ever signed depends on it.

leaf   SHA-256 of `visor-audit-leaf-1\n`, entry id (16), entry hash (32), transaction number (8, big-endian)
link   SHA-256 of `visor-audit-link-1\n`, the link before (32), number (8, big-endian), leaf (32)
first  the link before number 1: SHA-256 of `visor-audit-genesis-1\n` and the service's name
mark   what a seal's line in the file keeps of each entry: its id (16) and the first 8 bytes of its leaf
"""

from __future__ import annotations

from hashlib import sha256

MARK = 24

_LEAF = b"visor-audit-leaf-1\n"
_LINK = b"visor-audit-link-1\n"
_GENESIS = b"visor-audit-genesis-1\n"


def genesis(service: str) -> bytes:
    return sha256(_GENESIS + service.encode()).digest()


def leaf(entry_id: bytes, entry_hash: bytes, transaction: int) -> bytes:
    return sha256(_LEAF + entry_id + entry_hash + transaction.to_bytes(8, "big")).digest()


def link(before: bytes, number: int, entry_leaf: bytes) -> bytes:
    return sha256(_LINK + before + number.to_bytes(8, "big") + entry_leaf).digest()


def mark(entry_id: bytes, entry_leaf: bytes) -> bytes:
    return entry_id + entry_leaf[:8]


class Chain:
    """Grows by one entry at a time, and keeps the marks of those since the last seal."""

    def __init__(self, head: bytes, last_number: int) -> None:
        self.head = head
        self.last_number = last_number
        self.marks = bytearray()

    def add(self, entry_id: bytes, entry_hash: bytes, transaction: int) -> int:
        """Returns the entry's number."""
        self.last_number += 1
        entry_leaf = leaf(entry_id, entry_hash, transaction)
        self.head = link(self.head, self.last_number, entry_leaf)
        self.marks += mark(entry_id, entry_leaf)
        return self.last_number
