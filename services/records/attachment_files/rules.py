"""How many files an entry takes. Pure."""

from __future__ import annotations

MOST = 20
LONGEST_DESCRIPTION = 300


def too_many(there: int) -> str | None:
    if there < MOST:
        return None
    return f"This entry has {MOST} files already. Add another entry for further ones"
