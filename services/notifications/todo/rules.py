"""How near its due date something is, in words, and which order a list has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from services.notifications.delivery.rules import OF_RECORD
from shared.time.calendars import london_day
from shared.time.words import in_words

DueCode = Literal["none", "overdue", "today", "soon", "planned"]
SOON_DAYS = 7
# All that somebody is told of what they may not read.
RESTRICTED = "Restricted update"
HIDDEN: Mapping[str, Any] = {"title": RESTRICTED, "link": "", "detail": "restricted"}
# Whoever declared a conflict of interest is told in full what becomes of that, and of the record nothing else.
OWN_CONFLICT = "declarer"


@dataclass(frozen=True, slots=True)
class DueState:
    """`code` chooses the tag's colour; `words` say the same, so that colour is never all there is."""

    code: DueCode
    words: str


def due_state(
    due_on: date | None, late_from: datetime | None, now: datetime, today: date | None = None
) -> DueState:
    """How an open item stands at `now`. Overdue only from `late_from`: for days, the morning after.

    `today` is the day of `now`, for whoever asks of many items and knows it.
    """
    if due_on is None:
        return DueState("none", "No due date")
    today = today or london_day(now)
    days = (due_on - today).days
    if late_from is not None and now >= late_from:
        return DueState("overdue", _overdue(-days))
    if days <= 0:
        return DueState("today", "Due today" if days == 0 else "Due yesterday")
    if days == 1:
        return DueState("soon", "Due tomorrow")
    return DueState("soon" if days <= SOON_DAYS else "planned", f"Due in {days} days")


def _overdue(days: int) -> str:
    if days <= 0:
        return "Overdue since today"
    return "Overdue by 1 day" if days == 1 else f"Overdue by {days} days"


def age(raised_at: datetime, now: datetime, today: date | None = None) -> str:
    """How long an item has stood on the list (PF-4.29.3); `today` as above."""
    days = ((today or london_day(now)) - london_day(raised_at)).days
    if days <= 0:
        return "Today"
    return "Yesterday" if days == 1 else f"{days} days ago"


def note_problem(outcome: str, note: str) -> str | None:
    """PF-4.30.1: judgement is the user's; leaving something undone needs the reason."""
    if outcome == "no_action" and not note.strip():
        return "Say why no action is needed"
    return None


MOST_PUT_OFF_DAYS = 28
MOST_COVER_DAYS = 92


def put_off_problem(to: date, due_on: date | None, today: date, *, important: bool) -> str | None:
    """An item may be put off within its deadline, never past it; what is urgent not at all (PF-4.30.2)."""
    if important:
        return "What is marked as important cannot be put off"
    if to <= today:
        return "Choose a day after today"
    if due_on is not None and to > due_on:
        return f"It is due on {in_words(due_on)}, and cannot be put off past that day"
    if due_on is None and to > today + timedelta(days=MOST_PUT_OFF_DAYS):
        return f"It cannot be put off for more than {MOST_PUT_OFF_DAYS} days"
    return None


def cover_problem(from_day: date, to_day: date, today: date) -> dict[str, list[str]]:
    """Cover is for some weeks, begins today or later, and ends on or after its first day."""
    if from_day < today:
        return {"from_day": ["It cannot begin before today"]}
    if to_day < from_day:
        return {"to_day": ["The last day cannot be before the first"]}
    if (to_day - from_day).days > MOST_COVER_DAYS:
        return {"to_day": [f"Cover lasts {MOST_COVER_DAYS} days at most"]}
    return {}


# The outcomes that people give; the others follow from facts.
SAID_BY_PEOPLE = ("actioned", "no_action")


def may_be_put_back(outcome: str | None) -> bool:
    """Only what a person said can be taken back; what a fact closed is done."""
    return outcome in SAID_BY_PEOPLE


def is_still_theirs(role: str, *, another_has_it: bool, holds_it: bool) -> bool:
    """Whether somebody who comes back is still who is to do it (PF-4.38.3).

    `another_has_it`: records tells of another in that part of the record. `holds_it`: the role, for that unit.
    """
    return not another_has_it if role in OF_RECORD else holds_it
