"""When a deadline is due, what happens on the way and after it, and what of that is owed at a moment.

Pure: days are counted by `shared.time`, the time comes in as an argument. Steps keep to the plan made at the start:
an outage of ours gives nobody a longer ladder, and a step is owed from its planned time whoever ticks and how often.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from shared.time.calendars import (
    add_months,
    add_working_days,
    end_of_day,
    is_working_day,
    london,
    london_day,
    start_of_day,
)
from shared.time.periods import Due, Period, Unit, due

Kind = Literal["open", "reminder", "overdue", "rung"]
_ORDER: dict[Kind, int] = {"open": 0, "reminder": 1, "overdue": 2, "rung": 3}
# Steps of which nothing is owed once their time has passed.
_FLEETING = ("open", "reminder")
_SHORTEST_WITH_REMINDERS = 3
_TWO_WORKING_DAYS = Period(2, Unit.WORKING_DAYS)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a deadline reminds and climbs: section 32's defaults, or what the catalogue's row says instead.

    `before` are days before the due day on which to remind, working days where the period counts those; None is the
    default, half the period and the day before.
    `gap` is the time from one rung to the next. `ladder` holds the roles of each rung.
    """

    ladder: tuple[tuple[str, ...], ...]
    gap: Period = _TWO_WORKING_DAYS
    morning: time = time(6)
    before: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Something owed at `at`: its coming onto lists, a reminder, its going overdue, or rung `number` (from 1)."""

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
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """What one look at the clock must do: at most one reminder, the overdue notice once, every rung passed once.

    `at` is when the reminder or the notice was due, however late we look.
    """

    opened: bool = False
    remind: bool = False
    overdue: bool = False
    rungs: tuple[Step, ...] = ()
    reached: int = 0
    next_at: datetime | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """From the day it was paused to the day before it went on, no day counts."""

    paused_on: date
    resumed_on: date

    def holds(self, day: date) -> bool:
        return self.paused_on <= day < self.resumed_on


@dataclass(frozen=True, slots=True)
class Until:
    """An end that the fact carries: `at` is the last instant in time, `exact` where it is a minute and not a day."""

    at: datetime
    exact: bool

    @classmethod
    def of(cls, value: date | datetime, *, before: bool) -> Until:
        """By the end of a day, or before it begins; a moment is itself the end (PF-5.9.6: before departure)."""
        if isinstance(value, datetime):
            return cls(value, exact=True)
        return cls(end_of_day(value - timedelta(days=1) if before else value), exact=False)

    @property
    def due(self) -> Due:
        return Due(self.at, london_day(self.at), [], [])


@dataclass(frozen=True, slots=True)
class Span:
    """From when, to where, and how the days between are counted."""

    start: datetime
    end: Due
    exact: bool
    working: bool
    jurisdiction: str
    opens_at: datetime | None = None

    def first(self, known_at: datetime) -> date:
        """The day from which halves and reminders count: its opening, its start, or when a past end was learned of."""
        begun = self.opens_at or (self.start if self.start <= self.end.at else known_at)
        return london_day(begun)


def plan(
    start: datetime,
    period: Period,
    jurisdiction: str,
    manner: Manner,
    known_at: datetime,
    window: Period | None = None,
) -> Plan:
    """The whole course of a deadline begun at `start` and learned of at `known_at`.

    PF-4.10 and C-05: unlabelled days are calendar days; PF-4.20: working days are those of the jurisdiction.
    PF-4.11: with a `window` it comes onto lists only as that opens, eight months before release of which six are left.
    What was learned of only after it was late is overdue at once, and its ladder begins from when it was learned of:
    nobody could have acted earlier.
    """
    return replan(start, period, jurisdiction, manner, known_at, (), window)


def plan_until(
    start: datetime,
    until: Until,
    jurisdiction: str,
    manner: Manner,
    known_at: datetime,
    window: Period | None = None,
) -> Plan:
    """The course of what must be done by, or before, a moment that the fact carries."""
    end = until.due
    opens_at = _opening(start, end, window)
    return _planned(Span(start, end, until.exact, False, jurisdiction, opens_at), manner, known_at)


def replan(
    start: datetime,
    period: Period,
    jurisdiction: str,
    manner: Manner,
    known_at: datetime,
    pauses: Sequence[Pause],
    window: Period | None = None,
) -> Plan:
    """The course after pauses: the days on which the clock stood still are not counted, and nothing else changes."""
    end = due(start, period, jurisdiction)
    for pause in sorted(pauses, key=lambda one: one.paused_on):
        end = _later(end, _stood_still(pause, period, jurisdiction, london_day(start)), period, jurisdiction)
    end = replace(end, days_used=[day for day in end.days_used if not any(one.holds(day) for one in pauses)])
    working = period.unit is Unit.WORKING_DAYS
    opens_at = _opening(start, end, window)
    return _planned(Span(start, end, period.is_clock, working, jurisdiction, opens_at), manner, known_at)


@dataclass(frozen=True, slots=True)
class Course:
    """What of a plan is still owed: `reached` steps lie behind, and `back_in_time` says that it is late no more."""

    steps: tuple[Step, ...]
    reached: int
    back_in_time: bool = False


def go_over_to(new: Plan, old: Sequence[Step], reached: int, now: datetime) -> Course:
    """What a clock that ran by an `old` plan owes by a new one.

    Late before and after, its ladder goes on as it was. Late no more, it climbs again should it become late again. Of
    reminders whose time has passed nothing is owed.
    """
    was_late = any(step.kind == "overdue" for step in old[:reached])
    if was_late and new.late_from <= now:
        return Course(tuple(old), reached)
    was_open = reached > 0 or not any(step.kind == "open" for step in old)
    steps = tuple(step for step in new.steps if step.kind != "open" or not was_open)
    behind = sum(step.kind in _FLEETING and step.at <= now for step in steps)
    return Course(steps, behind, back_in_time=was_late)


def owed(steps: Sequence[Step], reached: int, now: datetime) -> Owed:
    """What is owed now of the steps after the first `reached`. Catching up leaves out reminders that are overtaken."""
    passed = [step for step in steps[reached:] if step.at <= now]
    rest = steps[reached + len(passed) :]
    late = any(step.kind not in _FLEETING for step in passed)
    return Owed(
        opened=any(step.kind == "open" for step in passed),
        remind=any(step.kind == "reminder" for step in passed) and not late,
        overdue=any(step.kind == "overdue" for step in passed),
        rungs=tuple(step for step in passed if step.kind == "rung"),
        reached=reached + len(passed),
        next_at=rest[0].at if rest else None,
        at=next((step.at for step in reversed(passed) if step.kind in ("reminder", "overdue")), None),
    )


def met_in_time(met_at: datetime, due_at: datetime) -> bool:
    """By the end of the due day is in time (PF-4.10: within 5 days)."""
    return met_at <= due_at


def reminds(period: Period, before: Sequence[int] | None) -> bool:
    """Whether there is any day on which to remind of such a period, after the day from which it counts."""
    if period.unit is Unit.CALENDAR_MONTHS:
        return before is None or bool(before)
    if period.is_clock:
        whole = [_SHORTEST_WITH_REMINDERS] if before is None else [days + 1 for days in before]
        return any(timedelta(days=days) <= period.length for days in whole)
    if before is None:
        return period.amount >= _SHORTEST_WITH_REMINDERS
    return any(days < period.amount for days in before)


def _opening(start: datetime, end: Due, window: Period | None) -> datetime | None:
    """When it comes onto lists: so long before its end; months below nought count from the start (a release date)."""
    if window is None:
        return None
    if window.unit is not Unit.CALENDAR_MONTHS:
        return start_of_day(end.day - timedelta(days=window.amount))
    anchor = london_day(start) if window.amount < 0 else end.day
    return start_of_day(add_months(anchor, -abs(window.amount)))


def _planned(span: Span, manner: Manner, known_at: datetime) -> Plan:
    end = span.end
    late_from = end.at if span.exact else london(end.day + timedelta(days=1), manner.morning)
    reminders = [
        Step("reminder", number, at)
        for number, at in enumerate(_reminders(span, manner, known_at), start=1)
        if at > known_at
    ]
    opens_at = span.opens_at
    opening = [Step("open", 1, opens_at)] if opens_at is not None and opens_at > known_at else []
    rungs = list(_rungs(late_from, span.jurisdiction, manner, known_at))
    steps = [*opening, *reminders, Step("overdue", 1, late_from), *rungs]
    return Plan(end, late_from, tuple(sorted(steps, key=lambda step: (step.at, _ORDER[step.kind]))), opens_at)


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


def _reminders(span: Span, manner: Manner, known_at: datetime) -> list[datetime]:
    """Mornings on which to remind, each once, after the first day and by the due day."""
    first, last = span.first(known_at), span.end.day
    days = (
        {_days_before(last, days, span) for days in manner.before}
        if manner.before is not None
        else set(_default_days(first, span))
    )
    mornings = (london(day, manner.morning) for day in sorted(days) if first < day <= last)
    return [at for at in mornings if at <= span.end.at]


def _default_days(first: date, span: Span) -> Iterator[date]:
    """Half the period, rounded down, and the day before; in working days where the period is (section 32)."""
    last = span.end.day
    if span.working:
        counted = len(span.end.days_used)
        if counted >= _SHORTEST_WITH_REMINDERS:
            yield span.end.days_used[counted // 2 - 1]
            yield _working_day_before(last, span.jurisdiction)
    elif (last - first).days >= _SHORTEST_WITH_REMINDERS:
        yield first + (last - first) // 2
        yield last - timedelta(days=1)


def _days_before(last: date, days: int, span: Span) -> date:
    """In the period's own days: a working day before Monday is Friday."""
    if not span.working:
        return last - timedelta(days=days)
    for _ in range(days):
        last = _working_day_before(last, span.jurisdiction)
    return last


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


def wrong_beginning(
    at: datetime, now: datetime, *, ahead: bool, oldest: timedelta = timedelta(days=366)
) -> str | None:
    """What is wrong with a date entered by hand: what has happened lies behind, what must be prepared lies ahead."""
    if ahead:
        return None if now < at <= now + oldest else "Give a time that lies ahead, within a year"
    if at > now:
        return "It cannot lie in the future"
    return None if now - at <= oldest else "It cannot lie more than a year back"


def wrong_end(on: date, earliest: date | None, today: date) -> str | None:
    """What is wrong with the day on which it is said to be done."""
    if on > today:
        return "It cannot lie in the future"
    if earliest is not None and on < earliest:
        return "It cannot lie before the day on which the deadline began"
    return None
