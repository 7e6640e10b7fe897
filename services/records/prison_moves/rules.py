"""When a move can be booked, and where it stands. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

STATES: Final = {
    "booked": "Booked",
    "ready": "Record up to date",
    "overridden": "Goes without: the lead decided",
    "cancelled": "Cancelled",
    "left": "The person left before",
}
OPEN: Final = "booked"
# Nobody books a move further ahead; a date in another century is a mistake.
_FURTHEST = timedelta(days=366)


def wrong_move(
    held_in: str | None, to_prison: str, departs_at: datetime, now: datetime
) -> dict[str, list[str]]:
    """Field → messages. Only who is in a prison can be moved to another one."""
    wrong: dict[str, list[str]] = {}
    if held_in is None:
        wrong["to_prison"] = ["The record does not say that the person is in prison"]
    elif to_prison == held_in:
        wrong["to_prison"] = ["The person is in this prison already"]
    if departs_at <= now:
        wrong["departs_at"] = ["Enter when the person will leave: it must lie ahead"]
    elif departs_at > now + _FURTHEST:
        wrong["departs_at"] = ["Check the year of the move"]
    return wrong
