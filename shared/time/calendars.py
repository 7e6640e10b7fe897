"""Days, working days and months added to a date; the end of a day as an instant.

The day of the event is day nought: three days from a Monday is the Thursday. A deadline keeps the days that were
counted, so that a bank holiday proclaimed later does not change why an old one fell when it did.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.time.bank_holidays import bank_holidays

LONDON = ZoneInfo("Europe/London")
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A day that was not counted: `reason` is Saturday, Sunday or the bank holiday's name."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """`days_used` are the working days counted, the last of them `due`; `left_out` those passed over between."""

    due: date
    days_used: list[date]
    left_out: list[LeftOut]
    jurisdiction: str


def reason_not_worked(day: date, jurisdiction: str) -> str | None:
    """None for a working day."""
    if holiday := bank_holidays(jurisdiction, day.year).get(day):
        return holiday
    return f"{day:%A}" if day.weekday() >= _SATURDAY else None


def is_working_day(day: date, jurisdiction: str) -> bool:
    return reason_not_worked(day, jurisdiction) is None


def next_working_day(day: date, jurisdiction: str) -> date:
    """The first working day after `day`."""
    return add_working_days(day, 1, jurisdiction).due


def add_working_days(start: date, n: int, jurisdiction: str) -> WorkingDays:
    """The `n`th working day after `start`; with `n` nought, `start` itself. Raises `ValueError` below nought.

    `jurisdiction` is ENG, WLS, SCT, NIR, or UK to leave out the bank holidays of all four.
    """
    if n < 0:
        raise ValueError("Working days are counted forwards only.")
    day = start
    used: list[date] = []
    left_out: list[LeftOut] = []
    while len(used) < n:
        day += _ONE_DAY
        if reason := reason_not_worked(day, jurisdiction):
            left_out.append(LeftOut(day, reason))
        else:
            used.append(day)
    return WorkingDays(day, used, left_out, jurisdiction)


def add_calendar_days(start: date, n: int) -> date:
    return start + timedelta(days=n)


def add_months(start: date, n: int) -> date:
    """The same day `n` months on (or back, below nought), or the last day of a month too short for it."""
    years, month = divmod(start.year * 12 + start.month - 1 + n, 12)
    return date(years, month + 1, min(start.day, monthrange(years, month + 1)[1]))


def anniversary(day: date, years: int) -> date:
    """The same day `years` on; for 29 February the 1st of March where there is none (SC-17.12.3)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def london(day: date, at: time) -> datetime:
    """A London wall-clock time as an aware UTC instant. A time that occurs twice in autumn is its first."""
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    return london(day, time.min)


def end_of_day(day: date) -> datetime:
    """The last microsecond of the London day, as UTC: what is done by then is done on the day."""
    return start_of_day(day + _ONE_DAY) - timedelta(microseconds=1)


def london_day(moment: datetime) -> date:
    """The London date at an aware instant; raises `ValueError` for one without a zone."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return moment.astimezone(LONDON).date()
