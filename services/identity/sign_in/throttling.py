"""Counting failed attempts in the database, so that every process knows of them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.identity.opaque_ids import new_secret
from services.identity.sign_in.models import Throttle
from services.identity.sign_in.throttling_rules import (
    KNOWN,
    LONGEST_WINDOW,
    OF_ONE,
    REMEMBERED,
    Count,
    after_failure,
    counts_here,
    wait_minutes,
)
from services.identity.terminals.locating import Place

Key = tuple[str, bytes]


def keys(account: str, place: str) -> tuple[Key, ...]:
    """What one attempt counts for. An account that does not exist is counted like one that does."""
    return (
        ("account", _hash(_name(account))),
        ("pair", _hash(_name(account), place)),
        ("place", _hash(place)),
    )


def keys_of_sign_in(session: Session, account: str, place: Place, now: datetime) -> tuple[Key, ...]:
    """A browser in which this account was signed in to of late is counted by itself, whoever guesses beside it."""
    own = _own_browser(session, account, place, now)
    return keys(account, place.key) if own is None else (("browser", own),)


def keys_of_reset(session: Session, account: str, place: Place, now: datetime) -> tuple[Key, ...]:
    """A new password asks for less than a sign-in, and may be tried less often."""
    own = _own_browser(session, account, place, now)
    return (("reset", own or _hash(_name(account))), *keys_of_sign_in(session, account, place, now))


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
    own = [one for one in counted if one[0] in OF_ONE]
    session.execute(delete(Throttle).where(tuple_(Throttle.kind, Throttle.key).in_(own)))
    _remember(session, _known(counted), now)


def know(session: Session, account: str, place: Place, now: datetime) -> str:
    """Remembers that the account was signed in to in this browser and at this place; returns the browser's mark.

    One mark for all who share a browser: it says nothing of who they are.
    """
    mark = place.browser if place.browser and len(place.browser) == len(new_secret()) else new_secret()
    found = [(KNOWN, _hash(_name(account), place.key)), (KNOWN, _of_browser(account, mark))]
    _remember(session, found, now)
    return mark


def forget_old(session: Session, now: datetime) -> None:
    known = Throttle.kind == KNOWN
    session.execute(delete(Throttle).where(~known, Throttle.since < now - LONGEST_WINDOW * 2))
    session.execute(delete(Throttle).where(known, Throttle.since <= now - REMEMBERED))


def _known(counted: tuple[Key, ...]) -> list[Key]:
    """An account and the place or browser in which it was signed in to, as a row beside the failures of the two."""
    return [(KNOWN, key) for kind, key in counted if kind in OF_ONE]


def _remember(session: Session, known: list[Key], now: datetime) -> None:
    """In the order of the keys, so that two who sign in at once never wait for each other."""
    for kind, key in sorted(known):
        row = insert(Throttle).values(kind=kind, key=key, failures=0, since=now, blocked_until=None)
        session.execute(row.on_conflict_do_update(index_elements=["kind", "key"], set_={"since": now}))


def _own_browser(session: Session, account: str, place: Place, now: datetime) -> bytes | None:
    """The key of the account in this browser; None where it was not signed in to there of late."""
    if not place.browser:
        return None
    key = _of_browser(account, place.browser)
    found = select(Throttle.since).where(Throttle.kind == KNOWN, Throttle.key == key)
    since = session.execute(found).scalar_one_or_none()
    return key if since is not None and since > now - REMEMBERED else None


def _of_browser(account: str, mark: str) -> bytes:
    return _hash(_name(account), "browser", mark)


def _name(account: str) -> str:
    """As a sign-in looks it up: another way of typing it is no fresh start."""
    return account.strip().lower()


def _hash(*parts: str) -> bytes:
    return hashlib.sha256(b"".join(_sized(part) for part in parts)).digest()


def _sized(part: str) -> bytes:
    data = part.encode()
    return len(data).to_bytes(4, "big") + data
