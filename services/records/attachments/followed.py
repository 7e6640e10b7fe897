"""Later capabilities that follow what is written in a folder, without the attachments knowing them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from services.records.access.record import Record
from services.records.attachments.models import Entry
from shared.work import Work

Follower = Callable[[Work, Record, Entry, Mapping[str, Any]], None]
F = TypeVar("F", bound=Follower)
_FOLLOWERS: dict[str, list[Follower]] = {}


def follows(folder: str) -> Callable[[F], F]:
    """Call this function with every new version of an entry of the folder, in the transaction that writes it."""

    def register(follower: F) -> F:
        _FOLLOWERS.setdefault(folder, []).append(follower)
        return follower

    return register


def tell_followers(work: Work, record: Record, entry: Entry, values: Mapping[str, Any]) -> None:
    """`values` are the whole of what the entry says now; its state and version are its own."""
    for follower in _FOLLOWERS.get(entry.folder, ()):
        follower(work, record, entry, values)
