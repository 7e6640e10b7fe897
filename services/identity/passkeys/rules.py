"""What may be added."""

from __future__ import annotations

from collections.abc import Sequence

MOST = 10


def why_not_add(names: Sequence[str], name: str) -> str | None:
    """In words, where another passkey of this name may not be added; None where it may."""
    if len(names) >= MOST:
        return f"You have {MOST} passkeys. Remove one first."
    if name.casefold() in {each.casefold() for each in names}:
        return "You have a passkey of this name. Choose another name."
    return None
