"""What a signature must say."""

from __future__ import annotations

# PF-7/SyOps.2: ticked apart from the name.
STATEMENT = (
    "I have read and understood this document and will keep to it. I understand that contravening it could lead to "
    "disciplinary or legal action."
)


def is_own_name(typed: str, name: str) -> bool:
    """Case and spacing do not matter; another name does."""
    return typed.casefold().split() == name.casefold().split()
