"""A day, and how long something lasts, as people write it."""

from __future__ import annotations

from datetime import date


def in_words(day: date) -> str:
    """As in "17 November 2026"."""
    return f"{day.day} {day:%B %Y}"


_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def lasting(seconds: float) -> str:
    """In the largest unit of which it has two, so that little is lost: "35 minutes", "26 hours"."""
    unit, size = next(((unit, size) for unit, size in _UNITS if seconds >= 2 * size), ("second", 1))
    number = int(seconds // size)
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
