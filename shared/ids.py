"""Keys of rows, events and sessions."""

import os
import time
from uuid import NAMESPACE_URL, UUID, uuid5

_VERSION_7 = 0x7 << 76
_VARIANT = 0x2 << 62


def new_id() -> UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, then random, so that new rows lie together in an index."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    low = random & ((1 << 62) - 1)
    middle = (random >> 62) & 0xFFF
    return UUID(int=(milliseconds << 80) | _VERSION_7 | (middle << 64) | _VARIANT | low)


def many_new_ids(count: int) -> list[str]:
    """As `new_id`, but in hexadecimal digits, for a statement that makes thousands of rows: the operating system is
    asked once, and PostgreSQL reads them as they are.
    """
    head = f"{time.time_ns() // 1_000_000:012x}7"
    random = os.urandom(9 * count).hex()
    parts = (random[start : start + 18] for start in range(0, 18 * count, 18))
    return [f"{head}{part[:3]}8{part[3:]}" for part in parts]


def derived_id(*parts: object) -> UUID:
    """The same id for the same cause, so that a cause that comes twice is counted once."""
    return uuid5(NAMESPACE_URL, "visor:" + "|".join(f"{len(str(part))}:{part}" for part in parts))
