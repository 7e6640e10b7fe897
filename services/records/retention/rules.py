"""When it is looked at whether a record is kept. Pure (SC-17.12.3, SC-17.12.4, D-18)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Final

# How much of the date of birth is known.
PRECISIONS: Final[Mapping[str, str]] = {
    "day": "The whole date",
    "month": "Month and year only",
    "year": "The year only",
    "unknown": "Nothing: the review is set by hand",
}
OUTCOMES: Final[Mapping[str, str]] = {"keep": "Kept on", "remove": "To be deleted"}
FIRST_OF_MARCH: Final = "1 March"


def review_day(born: date, precision: str, years: int, leap_day: str) -> date | None:
    """The birthday on which the record is reviewed; None where nothing of the date of birth is known.

    Of a date known in part it is the last day that it could be: a record is never reviewed before its time. `leap_day`
    is what policy says of 29 February in a year that has none.
    """
    year = born.year + years
    if precision == "unknown" or year > date.max.year:
        return None
    if precision == "year":
        return date(year, 12, 31)
    last = monthrange(year, born.month)[1]
    if precision == "month":
        return date(year, born.month, last)
    if born.day <= last:
        return date(year, born.month, born.day)
    return date(year, 3, 1) if leap_day == FIRST_OF_MARCH else date(year, 2, last)


def next_problem(next_on: date, today: date, latest: date) -> str | None:
    """What is wrong with the day of the next review; `latest` is the furthest that anybody may put it off."""
    if next_on <= today:
        return "The next review must be in the future"
    return f"The next review must be {latest:%-d %B %Y} or earlier" if next_on > latest else None


def manual_problem(precision: str, review_on: date | None, today: date) -> str | None:
    """Where nothing is known of the date of birth, somebody says when it is looked at."""
    if precision != "unknown":
        return None if review_on is None else "Leave this blank: the day follows from the date of birth"
    if review_on is None:
        return "Enter when it is looked at whether the record is kept"
    return "The review must be in the future" if review_on <= today else None
