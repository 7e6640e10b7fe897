"""When Limited Access is looked at again. Pure (PF-4.16l.1)."""

from __future__ import annotations

from datetime import date


def review_problem(review_on: date, today: date, latest: date) -> str | None:
    """What is wrong with a review date, in words; None where it fits. `latest` comes from national policy."""
    if review_on <= today:
        return "The review date must be in the future"
    if review_on > latest:
        return f"The review date must be {latest:%-d %B %Y} or earlier"
    return None


def reminder_is_due(review_on: date, reminded_for: date | None, remind_from: date) -> bool:
    """`remind_from` is the last review date of which one is reminded today; each date is told of once."""
    return review_on <= remind_from and reminded_for != review_on
