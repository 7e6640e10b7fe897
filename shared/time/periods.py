"""A period as policy writes it, "5 working days", and the day or instant on which it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.time.calendars import (
    LeftOut,
    add_calendar_days,
    add_months,
    add_working_days,
    end_of_day,
    london_day,
)


class Unit(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    CALENDAR_DAYS = "calendar days"
    WORKING_DAYS = "working days"
    CALENDAR_MONTHS = "calendar months"


@dataclass(frozen=True, slots=True)
class Period:
    """`amount` may be nought (the same day) and, for months, below nought (before a release date)."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Period:
        """Reads "3 calendar days", "1 hour", "6 calendar months before" (or "-6 calendar months", as it is kept).

        Raises `ValueError` for anything else.
        """
        found = re.fullmatch(r"(-?)(\d+) ([a-z ]+?)s?( before)?", text)
        if not found or (found[1] and found[4]):
            raise ValueError(f"{text!r} is no period: write a number and a unit, like '5 working days'.")
        amount, unit = int(found[2]), Unit(found[3] + "s")
        if found[1] or found[4]:
            amount = -amount
        if amount < 0 and unit is not Unit.CALENDAR_MONTHS:
            raise ValueError(f"{text!r}: only months may be counted backwards.")
        return cls(amount, unit)

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.removesuffix('s') if self.amount == 1 else self.unit}"

    @property
    def words(self) -> str:
        """As people say it: what is counted backwards lies before a date."""
        return f"{Period(-self.amount, self.unit)} before" if self.amount < 0 else str(self)

    @property
    def is_clock(self) -> bool:
        """Counted in hours or minutes from the moment, not to the end of a day."""
        return self.unit in (Unit.MINUTES, Unit.HOURS)

    @property
    def length(self) -> timedelta:
        """Of a period of hours or minutes; raises `ValueError` for days, whose ends depend on when they began."""
        if not self.is_clock:
            raise ValueError(f"{self} has no length of its own.")
        return timedelta(hours=self.amount) if self.unit is Unit.HOURS else timedelta(minutes=self.amount)


@dataclass(frozen=True, slots=True)
class Due:
    """`at` is the instant (UTC) after which it is late; `day` its London date; the lists are a snapshot.

    `days_used` and `left_out` are empty unless working days were counted.
    """

    at: datetime
    day: date
    days_used: list[date]
    left_out: list[LeftOut]


def due(start: datetime, period: Period, jurisdiction: str) -> Due:
    """When a period begun at `start` (aware) ends: at the end of its last London day, or to the minute for a clock."""
    day = london_day(start)
    match period.unit:
        case Unit.MINUTES:
            return _to_the_minute(start + timedelta(minutes=period.amount))
        case Unit.HOURS:
            return _to_the_minute(start + timedelta(hours=period.amount))
        case Unit.CALENDAR_DAYS:
            return _by_the_day(add_calendar_days(day, period.amount))
        case Unit.CALENDAR_MONTHS:
            return _by_the_day(add_months(day, period.amount))
        case Unit.WORKING_DAYS:
            counted = add_working_days(day, period.amount, jurisdiction)
            return Due(end_of_day(counted.due), counted.due, counted.days_used, counted.left_out)


def _to_the_minute(at: datetime) -> Due:
    return Due(at, london_day(at), [], [])


def _by_the_day(day: date) -> Due:
    return Due(end_of_day(day), day, [], [])
