"""What can be entered of a meeting. Pure."""

from __future__ import annotations

from datetime import date

EARLIEST = date(2001, 4, 1)  # MAPPA began with the Criminal Justice and Court Services Act 2000


def wrong_dates(held_on: date, today: date) -> dict[str, list[str]]:
    """Field → messages; empty where the meeting's date can be."""
    if held_on > today:
        return {"held_on": ["The meeting must have been held: its date cannot be in the future."]}
    if held_on < EARLIEST:
        return {"held_on": ["MAPP meetings began in April 2001."]}
    return {}


def wrong_receipt(received_on: date, held_on: date, today: date) -> dict[str, list[str]]:
    if received_on > today:
        return {"received_on": ["The date on which the minutes came cannot be in the future."]}
    if received_on < held_on:
        return {"received_on": ["The minutes cannot have come before the meeting."]}
    return {}
