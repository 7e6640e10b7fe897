"""What a password must be: long, and not the person. Nothing about capitals, digits or signs (no composition rules)."""

from __future__ import annotations

import re

SHORTEST, LONGEST = 12, 200
# Shorter parts of a name stand in too many words.
_PART = 4
_DIFFERENT = 5


def why_not_password(password: str, names: tuple[str, ...]) -> str | None:
    """In words, why this cannot be a password; None where it can. `names` are the person's: user name, full name."""
    if len(password) < SHORTEST:
        return f"Use {SHORTEST} characters or more. Three or four words that you will remember do well."
    if len(password) > LONGEST:
        return f"Use {LONGEST} characters or fewer."
    folded = password.casefold()
    if any(part in folded for name in names for part in _parts(name)):
        return "Do not use your name or user name."
    if len(set(folded)) < _DIFFERENT:
        return "Use more different characters."
    return None


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[\W_]+", name.casefold()) if len(part) >= _PART]
