"""When a deadline is due, what happens on the way and after it, and what of that is owed at a moment.

Pure: days are counted by `shared.time`, the time comes in as an argument. Steps keep to the plan made at the start:
an outage of ours gives nobody a longer ladder, and a step is owed from its planned time whoever ticks and how often.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from shared.time.calendars import add_working_days, is_working_day, london, london_day
from shared.time.periods import Due, Period, Unit, due

Kind = Literal["reminder", "overdue", "rung"]
_ORDER: dict[Kind, int] = {"reminder": 0, "overdue": 1, "rung": 2}
_SHORTEST_WITH_REMINDERS = 3
_HALF_A_MONTH = 15
_TWO_WORKING_DAYS = Period(2, Unit.WORKING_DAYS)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a deadline reminds and climbs: section 32's defaults, or what the catalogue's row says instead.

    `before` are days before the due day on which to remind; None is the default, half the period and the day before.
    `gap` is the time from one rung to the next. `ladder` holds the roles of each rung.
    """

    ladder: tuple[tuple[str, ...], ...]
    gap: Period = _TWO_WORKING_DAYS
    morning: time = time(6)
    before: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Something owed at `at`: a reminder, the deadline going overdue, or rung `number` (from 1) of the ladder."""

    kind: Kind
    number: int
    at: datetime
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """`late_from` is when it counts as overdue: next morning, or the very minute for a clock in hours."""

    due: Due
    late_from: datetime
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """What one look at the clock must do: at most one reminder, the overdue notice once, every rung passed once."""

    remind: bool = False
    overdue: bool = False
    rungs: tuple[Step, ...] = ()
    reached: int = 0
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """From the day it was paused to the day before it went on, no day counts."""

    paused_on: date
    resumed_on: date

    def holds(self, day: date) -> bool:
        return self.paused_on <= day < self.resumed_on


def plan(start: datetime, period: Period, jurisdiction: str, manner: Manner, known_at: datetime) -> Plan:
    """The whole course of a deadline begun at `start` and learned of at `known_at`.

    PF-4.10 and C-05: unlabelled days are calendar days; PF-4.20: working days are those of the jurisdiction.
    What was learned of only after it was late is overdue at once, and its ladder begins from when it was learned of:
    nobody could have acted earlier.
    """
    return _planned(start, period, jurisdiction, manner, known_at, due(start, period, jurisdiction))


def replan(
    start: datetime,
    period: Period,
    jurisdiction: str,
    manner: Manner,
    known_at: datetime,
    pauses: Sequence[Pause],
) -> Plan:
    """The course after pauses: the days on which the clock stood still are not counted, and nothing else changes."""
    end = due(start, period, jurisdiction)
    for pause in sorted(pauses, key=lambda one: one.paused_on):
        end = _later(end, _stood_still(pause, period, jurisdiction, london_day(start)), period, jurisdiction)
    end = replace(end, days_used=[day for day in end.days_used if not any(one.holds(day) for one in pauses)])
    return _planned(start, period, jurisdiction, manner, known_at, end)


def owed(steps: Sequence[Step], reached: int, now: datetime) -> Owed:
    """What is owed now of the steps after the first `reached`. Catching up leaves out reminders that are overtaken."""
    passed = [step for step in steps[reached:] if step.at <= now]
    rest = steps[reached + len(passed) :]
    late = any(step.kind != "reminder" for step in passed)
    return Owed(
        remind=bool(passed) and not late,
        overdue=any(step.kind == "overdue" for step in passed),
        rungs=tuple(step for step in passed if step.kind == "rung"),
        reached=reached + len(passed),
        next_at=rest[0].at if rest else None,
    )


def met_in_time(met_at: datetime, due_at: datetime) -> bool:
    """By the end of the due day is in time (PF-4.10: within 5 days)."""
    return met_at <= due_at


def _planned(
    start: datetime, period: Period, jurisdiction: str, manner: Manner, known_at: datetime, end: Due
) -> Plan:
    late_from = end.at if period.is_clock else london(end.day + timedelta(days=1), manner.morning)
    reminders = [
        Step("reminder", number, at)
        for number, at in enumerate(_reminders(start, period, jurisdiction, manner, end), start=1)
        if at > known_at
    ]
    rungs = list(_rungs(late_from, jurisdiction, manner, known_at))
    steps = sorted(
        [*reminders, Step("overdue", 1, late_from), *rungs], key=lambda step: (step.at, _ORDER[step.kind])
    )
    return Plan(end, late_from, tuple(steps))


def _rungs(late_from: datetime, jurisdiction: str, manner: Manner, known_at: datetime) -> Iterator[Step]:
    """The first rung as it goes overdue, each further one a gap after the one before."""
    at = late_from if known_at <= late_from else _after(known_at, manner, jurisdiction)
    for number, roles in enumerate(manner.ladder, start=1):
        yield Step("rung", number, at, roles)
        at = _after(at, manner, jurisdiction)


def _after(at: datetime, manner: Manner, jurisdiction: str) -> datetime:
    if manner.gap.is_clock:
        return due(at, manner.gap, jurisdiction).at
    return london(due(at, manner.gap, jurisdiction).day, manner.morning)


def _reminders(
    start: datetime, period: Period, jurisdiction: str, manner: Manner, end: Due
) -> list[datetime]:
    """Mornings on which to remind, each once, after the first day and by the due day."""
    first = london_day(start)
    days = (
        {end.day - timedelta(days=before) for before in manner.before}
        if manner.before is not None
        else set(_default_days(first, period, jurisdiction, end))
    )
    return [london(day, manner.morning) for day in sorted(days) if first < day <= end.day]


def _default_days(first: date, period: Period, jurisdiction: str, end: Due) -> Iterator[date]:
    """Half the period, rounded down, and the day before; in working days where the period is (section 32)."""
    if period.is_clock or abs(period.amount) * _days_in(period.unit) < _SHORTEST_WITH_REMINDERS:
        return
    if period.unit is Unit.WORKING_DAYS:
        yield add_working_days(first, period.amount // 2, jurisdiction).due
        yield _working_day_before(end.day, jurisdiction)
    else:
        yield first + (end.day - first) // 2
        yield end.day - timedelta(days=1)


def _days_in(unit: Unit) -> int:
    return _HALF_A_MONTH if unit is Unit.CALENDAR_MONTHS else 1


def _working_day_before(day: date, jurisdiction: str) -> date:
    day -= timedelta(days=1)
    while not is_working_day(day, jurisdiction):
        day -= timedelta(days=1)
    return day


def _stood_still(pause: Pause, period: Period, jurisdiction: str, first: date) -> int:
    """How many days that would have counted lay in the pause; the day of the event itself never counts."""
    days = (pause.paused_on + timedelta(days=n) for n in range((pause.resumed_on - pause.paused_on).days))
    counts = [day for day in days if day > first]
    if period.unit is Unit.WORKING_DAYS:
        return sum(is_working_day(day, jurisdiction) for day in counts)
    return len(counts)


def _later(end: Due, by: int, period: Period, jurisdiction: str) -> Due:
    if period.unit is Unit.WORKING_DAYS:
        further = add_working_days(end.day, by, jurisdiction)
        moved = due(end.at, Period(by, Unit.WORKING_DAYS), jurisdiction)
        return Due(moved.at, moved.day, end.days_used + further.days_used, end.left_out + further.left_out)
    if period.is_clock:
        at = end.at + timedelta(days=by)
        return Due(at, london_day(at), [], [])
    return due(end.at, Period(by, Unit.CALENDAR_DAYS), jurisdiction)
