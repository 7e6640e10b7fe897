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
FollowerOfAll = Callable[[Work, Record], None]
G = TypeVar("G", bound=FollowerOfAll)
_OF_ALL: list[FollowerOfAll] = []


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


def follows_all(follower: G) -> G:
    """Call this function after whatever was written in any folder, or said of one, in the same transaction."""
    _OF_ALL.append(follower)
    return follower


def tell_followers_of_all(work: Work, record: Record) -> None:
    for follower in _OF_ALL:
        follower(work, record)
