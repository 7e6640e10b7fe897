"""Which months a return can be for. Pure."""

from __future__ import annotations

from datetime import date, timedelta

MONTHS_BACK = 12


def month_before(day: date) -> date:
    """The first day of the last month that is over: the one that RPT-06 shows."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def wrong_month(month: date, today: date) -> str | None:
    """A month that is over, within the last year."""
    first = month.replace(day=1)
    if first > month_before(today):
        return "Enter a month that is over"
    if (today.year - first.year) * 12 + today.month - first.month > MONTHS_BACK:
        return "Enter one of the last twelve months"
    return None
