"""What a check before temporary release may say, and how long an approval may rest on it (PF-5.23). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from shared.time.periods import Period, due

OUTCOMES: Final[Mapping[str, str]] = {
    "no_risk": "No risk found",
    "risk": "Risk described",
    "referred": "Referred to the owner",
}
# Who decides on temporary release in a prison (PF-5.23); a Director is a contracted prison's Governor.
APPROVING: Final = ("approving_manager", "governor")
FURTHEST_AHEAD_DAYS: Final = 90


def wrong_check(outcome: str, text: str) -> dict[str, list[str]]:
    """A risk, and what is asked of the owner, is said in words."""
    if outcome != "no_risk" and not text.strip():
        return {"text": ["Describe the risk, or what the owner is to look at"]}
    return {}


def wrong_leave(leave_on: date, today: date) -> dict[str, list[str]]:
    if leave_on < today:
        return {"leave_on": ["The leave must lie ahead: it is approved before the person goes"]}
    if (leave_on - today).days > FURTHEST_AHEAD_DAYS:
        return {"leave_on": [f"Approve leave within the next {FURTHEST_AHEAD_DAYS} days"]}
    return {}


def lasts_until(checked_at: datetime, period: Period, jurisdiction: str) -> date:
    """The last day on which an approval may rest on this check."""
    return due(checked_at, period, jurisdiction).day


def still_counts(checked_at: datetime, now: datetime, period: Period, jurisdiction: str) -> bool:
    return checked_at <= now <= due(checked_at, period, jurisdiction).at
