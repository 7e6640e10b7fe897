"""When a digest is owed, what a message says, and how long a failed one waits. No nominal data in any of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from shared.time.calendars import is_working_day, london, london_day

_LONGEST_WAIT = timedelta(minutes=15)
_FIRST_WAIT = timedelta(seconds=30)
_LOOK_AHEAD_DAYS = 15
# Waits after a mailbox or a message was refused for good: a mailbox is full, moved or opened for hours, not minutes.
_AFTER_REFUSALS = tuple(timedelta(minutes=15 * 2**times) for times in range(5))
# Said of us and not of the letter: the server wants us to sign in, or to speak to it in another way.
_OF_US = frozenset({503, 530, 534, 535, 538})
_FOR_GOOD = range(500, 600)


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    body: str


def next_digest(
    times: Iterable[str], after: datetime, jurisdiction: str, *, working_days_only: bool
) -> datetime | None:
    """The first of these London times after a moment, on a day that counts; None where no time is chosen."""
    hours = sorted(time.fromisoformat(one) for one in times)
    day = london_day(after)
    for further in range(_LOOK_AHEAD_DAYS if hours else 0):
        on = day + timedelta(days=further)
        if working_days_only and not is_working_day(on, jurisdiction):
            continue
        for hour in hours:
            if (at := london(on, hour)) > after:
                return at
    return None


def wait(tries: int) -> timedelta:
    """Half a minute after the first failure, twice as long after each further one, a quarter of an hour at most."""
    doublings = min(max(tries - 1, 0), 10)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)


def is_for_good(code: int) -> bool:
    """Whether the server's answer about a mailbox or a message says that this letter will never be taken."""
    return code in _FOR_GOOD and code not in _OF_US


def wait_after_refusal(refusals: int) -> timedelta | None:
    """How long to wait after so many refusals for good; None where that is enough, some eight hours after the first."""
    return _AFTER_REFUSALS[refusals - 1] if refusals <= len(_AFTER_REFUSALS) else None


def words(kind: str, items: int, overdue: int, site: str) -> Words:
    """What the message says: how many, never of what or of whom (PF-4.29.2)."""
    if kind == "changes":
        return Words(
            "ViSOR: information about people you work with was updated",
            "ViSOR information about one or more of the people you work with was updated.\n\n"
            "See your administrator, who can tell you what it is.\n",
        )
    if kind == "unopened":
        verb = "waits" if items == 1 else "wait"
        return Words(
            "ViSOR: your to-do list has not been opened for a week or more",
            f"{items} open {_items(items)} {verb} on it.\n\nSign in to see: {site}/notifications/todo\n",
        )
    if kind == "urgent":
        subject = "ViSOR: you have an urgent item" if items == 1 else f"ViSOR: you have {items} urgent items"
    else:
        subject = f"ViSOR: you have {items} new {_items(items)}"
    body = f"{subject.partition(': ')[2][:1].upper()}{subject.partition(': ')[2][1:]} on your to-do list.\n"
    if overdue:
        body += f"{overdue} open {_items(overdue)} {'is' if overdue == 1 else 'are'} overdue.\n"
    return Words(subject, f"{body}\nSign in to see: {site}/notifications/todo\n")


def _items(count: int) -> str:
    return "item" if count == 1 else "items"
