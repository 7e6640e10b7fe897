"""Bank holidays of the four parts of the United Kingdom, always by part: they share fewer than they seem to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from holidays import country_holidays

from shared.reference.tables import rows

JURISDICTIONS = ("ENG", "WLS", "SCT", "NIR")
WHOLE_UK = "UK"
"""Leaves out the bank holidays of every part, as freedom of information law counts (FOIA s.10(6))."""


@dataclass(frozen=True, slots=True)
class Proclaimed:
    """A row of the override table: `holiday` False means that people work on a day the library calls a holiday."""

    jurisdiction: str
    day: date
    holiday: bool
    name: str


@cache
def proclaimed_days() -> tuple[Proclaimed, ...]:
    return tuple(
        Proclaimed(
            row["jurisdiction"], date.fromisoformat(row["date"]), row["effect"] == "holiday", row["name"]
        )
        for row in rows("shared.time", "proclaimed_days.csv")
    )


@cache
def bank_holidays(jurisdiction: str, year: int) -> Mapping[date, str]:
    """Each bank holiday's name by its day; raises `ValueError` for a jurisdiction that is none of the known."""
    if jurisdiction == WHOLE_UK:
        found = {day: name for part in JURISDICTIONS for day, name in bank_holidays(part, year).items()}
        return MappingProxyType(dict(sorted(found.items())))
    if jurisdiction not in JURISDICTIONS:
        raise ValueError(f"No calendar is kept for the jurisdiction {jurisdiction!r}.")
    days = dict(country_holidays("GB", subdiv=jurisdiction, years=year))
    return MappingProxyType(dict(sorted(override(days, proclaimed_days(), jurisdiction, year).items())))


def override(
    days: dict[date, str], proclaimed: tuple[Proclaimed, ...], jurisdiction: str, year: int
) -> dict[date, str]:
    """`days` of one jurisdiction and year with what was proclaimed for it put in or taken out."""
    result = dict(days)
    for row in proclaimed:
        if row.jurisdiction == jurisdiction and row.day.year == year:
            if row.holiday:
                result[row.day] = row.name
            else:
                result.pop(row.day, None)
    return result
