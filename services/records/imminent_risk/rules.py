"""What must be known before an imminent risk can be entered. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

# Whom the risk concerns (PF-4.30.2).
CONCERNING = {
    "public": "The public",
    "family": "Family",
    "victims": "Victims",
    "children": "Children",
    "staff": "Staff",
}
HOW = {
    "telephone": "By telephone",
    "in_person": "In person",
    "email": "By secure e-mail",
    "radio": "By radio",
}
# Who is told at once (PF-4.30.2), with every partner.
ROLES = ("manager", "supervisor", "lpc", "cpc")
_WHOM = {"line_manager": "your line manager", "police": "the police counterpart"}


@dataclass(frozen=True)
class ToldBefore:
    """`part` is line_manager or police; either the user or, where they are none, the name."""

    part: str
    person_id: UUID | None
    name: str
    at: datetime


def not_told_before(told: Iterable[ToldBefore], now: datetime) -> dict[str, list[str]]:
    """Field → messages. Both are told before the entry is made, by name and with the time (PF-4.36.1)."""
    wrong: dict[str, list[str]] = {}
    for one in told:
        whom = _WHOM[one.part]
        if one.person_id is None and not one.name.strip():
            wrong[f"{one.part}_id"] = [f"Say who was told: choose {whom} or enter their name"]
        if one.at > now:
            wrong[f"{one.part}_at"] = [f"Tell {whom} before you make this entry: the time is in the future"]
    return wrong


def minutes_between(start: datetime, end: datetime | None) -> int | None:
    """Whole minutes, for the report."""
    return None if end is None else int((end - start).total_seconds() // 60)
