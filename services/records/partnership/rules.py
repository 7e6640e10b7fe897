"""Who can be made partner, and what a request must say. Pure."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

MINIMUM_REASON = 10


def still_to_partner(asked: Collection[UUID], partners: Collection[UUID]) -> frozenset[UUID]:
    """Of those asked for, the ones who are not partners already."""
    return frozenset(asked) - frozenset(partners)


def can_be_decided(state: str) -> bool:
    """A request is granted or refused once."""
    return state == "requested"
