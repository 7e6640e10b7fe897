"""A day as people write it."""

from __future__ import annotations

from datetime import date


def in_words(day: date) -> str:
    """As in "17 November 2026"."""
    return f"{day.day} {day:%B %Y}"
