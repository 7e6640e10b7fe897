"""Counting failed attempts in the database, so that every process knows of them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.identity.sign_in.models import Throttle
from services.identity.sign_in.throttling_rules import (
    KNOWN,
    LONGEST_WINDOW,
    REMEMBERED,
    Count,
    after_failure,
    counts_here,
    wait_minutes,
)

Key = tuple[str, bytes]


def keys(account: str, place: str) -> tuple[Key, ...]:
    """What one attempt counts for. An account that does not exist is counted like one that does."""
    return (
        ("account", _hash(account.lower())),
        ("pair", _hash(account.lower(), place)),
        ("place", _hash(place)),
    )


def keys_of_reset(account: str, place: str) -> tuple[Key, ...]:
    """A new password asks for less than a sign-in, and may be tried less often."""
    return (("reset", _hash(account.lower())), *keys(account, place))


def minutes_to_wait(session: Session, counted: tuple[Key, ...], now: datetime) -> int:
    """0 where an attempt may be made. An attempt while waiting does not lengthen the wait."""
    asked = select(Throttle).where(tuple_(Throttle.kind, Throttle.key).in_([*counted, *_known(counted)]))
    found = list(session.execute(asked).scalars())
    known = any(row.kind == KNOWN and row.since > now - REMEMBERED for row in found)
    waits = (wait_minutes(row.blocked_until, now) for row in found if counts_here(row.kind, known=known))
    return max(waits, default=0)


def count_failure(session: Session, counted: tuple[Key, ...], now: datetime) -> None:
    """In the order of the keys, so that two attempts at once never wait for each other."""
    for kind, key in sorted(counted):
        empty = insert(Throttle).values(kind=kind, key=key, failures=0, since=now, blocked_until=None)
        session.execute(empty.on_conflict_do_nothing())
        row = session.execute(
            select(Throttle).where(Throttle.kind == kind, Throttle.key == key).with_for_update()
        ).scalar_one()
        session.refresh(row)
        count = after_failure(kind, Count(row.failures, row.since, row.blocked_until), now)
        row.failures, row.since, row.blocked_until = count.failures, count.since, count.blocked_until


def forgive(session: Session, counted: tuple[Key, ...], now: datetime) -> None:
    """Whoever signed in from here has not been guessing here, and is known here from now on."""
    pair = [key for kind, key in counted if kind == "pair"]
    session.execute(delete(Throttle).where(Throttle.kind == "pair", Throttle.key.in_(pair)))
    for kind, key in _known(counted):
        row = insert(Throttle).values(kind=kind, key=key, failures=0, since=now, blocked_until=None)
        again = {"since": now}
        session.execute(row.on_conflict_do_update(index_elements=["kind", "key"], set_=again))


def forget_old(session: Session, now: datetime) -> None:
    known = Throttle.kind == KNOWN
    session.execute(delete(Throttle).where(~known, Throttle.since < now - LONGEST_WINDOW * 2))
    session.execute(delete(Throttle).where(known, Throttle.since <= now - REMEMBERED))


def _known(counted: tuple[Key, ...]) -> list[Key]:
    """An account and the place from which it was signed in to, as a row beside the failures of the two."""
    return [(KNOWN, key) for kind, key in counted if kind == "pair"]


def _hash(*parts: str) -> bytes:
    return hashlib.sha256(b"".join(_sized(part) for part in parts)).digest()


def _sized(part: str) -> bytes:
    data = part.encode()
    return len(data).to_bytes(4, "big") + data
