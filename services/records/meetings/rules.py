"""What can be entered of a meeting. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from shared.time.calendars import end_of_day
from shared.time.periods import Period, due

EARLIEST = date(2001, 4, 1)  # MAPPA began with the Criminal Justice and Court Services Act 2000


def wrong_dates(held_on: date, today: date) -> dict[str, list[str]]:
    """Field → messages; empty where the meeting's date can be."""
    if held_on > today:
        return {"held_on": ["The meeting must have been held: its date cannot be in the future."]}
    if held_on < EARLIEST:
        return {"held_on": ["MAPP meetings began in April 2001."]}
    return {}


def called(level: int | None) -> str:
    return "core group meeting" if level is None else f"level {level} meeting"


def due_on(level: int | None, held_on: date, periods: Mapping[int, Period], jurisdiction: str) -> date | None:
    """The last day for the minutes (PF-4.20.3, PF-4.20.4); None for a core group, which has no period."""
    if level is None:
        return None
    return due(end_of_day(held_on), periods[level], jurisdiction).day


def owed_again_by(due_on: date | None, gone_on: date, period: Period, jurisdiction: str) -> date:
    """The last day for minutes that are off the record again: as for minutes that came, and not before their own day.

    They had come, and what came is added as soon as it is received (PF-4.20.2).
    """
    soon = due(end_of_day(gone_on), period, jurisdiction).day
    return soon if due_on is None else max(soon, due_on)


def wrong_receipt(received_on: date, held_on: date, today: date) -> dict[str, list[str]]:
    if received_on > today:
        return {"received_on": ["The date on which the minutes came cannot be in the future."]}
    if received_on < held_on:
        return {"received_on": ["The minutes cannot have come before the meeting."]}
    return {}
