"""How guessing is held back without locking a colleague out for long (R33).

Each kind counts failures in a window and, from its limit on, makes everybody wait for so long after each further one:
- `browser`: one account in a browser in which it was signed in to of late. Nothing else counts there: whoever guesses
  at the same address, or at the next desk, holds back nobody but themselves;
- `pair`: one account from one place, so that whoever guesses waits and the account's holder elsewhere does not;
- `account`: from wherever, against guessing from many places: a minute, no longer. Where its holder signed in of late
  it counts nothing, so that whoever goes on guessing from elsewhere keeps nobody from their own desk;
- `place`: any account from one place, against one password tried on many;
- `reset`: setting a new password with a code alone, for one account from wherever. Signing in goes on meanwhile.

What remains: whoever goes on guessing without a pause, from many places, can keep an account's holder waiting at a
place and in a browser where they never signed in, a minute at a time; at the same address, five minutes. Both end at a
place where the holder signed in within 90 days, and with a recovery code of an administrator, which makes the place
where it is used one of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

WINDOW = timedelta(minutes=15)
# What counts for one account in one place: a sign-in there forgives it.
OF_ONE = frozenset({"browser", "pair"})
# A row of this kind is no failure: the account was signed in to from this place or browser, remembered for so long.
KNOWN = "known"
REMEMBERED = timedelta(days=90)


@dataclass(frozen=True)
class Limit:
    """So many `failures` within `window`, and from then on a `wait` after each."""

    failures: int
    wait: timedelta
    window: timedelta = WINDOW


LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "browser": Limit(5, timedelta(minutes=5)),
        "pair": Limit(5, timedelta(minutes=5)),
        "account": Limit(20, timedelta(minutes=1)),
        "place": Limit(30, timedelta(minutes=2)),
        "reset": Limit(5, timedelta(days=1), timedelta(days=1)),
    }
)
LONGEST_WINDOW = max(limit.window for limit in LIMITS.values())


@dataclass(frozen=True)
class Count:
    failures: int
    since: datetime
    blocked_until: datetime | None = None


def after_failure(kind: str, before: Count | None, now: datetime) -> Count:
    """One more failure; failures older than the window are forgotten."""
    limit = LIMITS[kind]
    if before is None or now - before.since > limit.window:
        before = Count(0, now)
    count = replace(before, failures=before.failures + 1)
    return replace(count, blocked_until=now + limit.wait if count.failures >= limit.failures else None)


def counts_here(kind: str, *, known: bool) -> bool:
    """`known`: the account's holder signed in from this place of late, where `pair` and `place` hold guessing back."""
    return not (known and kind == "account")


def wait_minutes(blocked_until: datetime | None, now: datetime) -> int:
    """Whole minutes still to wait, rounded up; 0 for none."""
    if blocked_until is None or blocked_until <= now:
        return 0
    return -int(-(blocked_until - now).total_seconds() // 60)
