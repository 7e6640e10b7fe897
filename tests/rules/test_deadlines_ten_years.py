"""Due days over ten years and the calendars of the parts of the country, against a calculation of the tests' own.

Nothing of `shared.time` counts here: bank holidays are worked out from the statutes and proclamations, Easter by Gauss,
and the last Sundays of March and October for the clock's change.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest

from services.notifications.deadlines.rules import Manner, Until, plan, plan_until
from shared.time.periods import Period

YEARS = range(2020, 2031)
FIRST, LAST = date(2020, 1, 1), date(2029, 12, 31)
CALENDARS = ("ENG", "SCT", "NIR")
MANNER = Manner((("lpc",),), morning=time(7))
# By royal proclamation, for all parts: the moved May holiday of 2020, the jubilee, the funeral, the coronation.
EXTRA = {date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}
MOVED = {date(2020, 5, 4): date(2020, 5, 8), date(2022, 5, 30): date(2022, 6, 2)}


def easter(year: int) -> date:
    """Gauss, with his two exceptions."""
    a, b, c = year % 19, year % 4, year % 7
    p = year // 100
    m = (15 - (13 + 8 * p) // 25 + p - p // 4) % 30
    n = (4 + p - p // 4) % 7
    d = (19 * a + m) % 30
    e = (2 * b + 4 * c + 6 * d + n) % 7
    day = date(year, 3, 22) + timedelta(days=d + e)
    if d == 29 and e == 6:
        day = date(year, 4, 19)
    if d == 28 and e == 6 and (11 * m + 11) % 30 < 19:
        day = date(year, 4, 18)
    return day


def monday(year: int, month: int, which: int) -> date:
    days = [date(year, month, 1) + timedelta(days=n) for n in range(31)]
    found = [day for day in days if day.month == month and day.isoweekday() == 1]
    return found[which]


def substituted(*days: date) -> set[date]:
    """A holiday on a weekend is kept on the next weekday that is none."""
    kept: set[date] = set()
    for own in days:
        day = own
        while day.isoweekday() > 5 or day in kept:
            day += timedelta(days=1)
        kept.add(day)
    return kept


@cache
def closed(part: str, year: int) -> frozenset[date]:
    good_friday = easter(year) - timedelta(days=2)
    days = {good_friday, monday(year, 5, 0), monday(year, 5, -1)}
    christmas, boxing = date(year, 12, 25), date(year, 12, 26)
    # A Sunday's Christmas and a Saturday's Boxing Day give way after the day that is kept on its own date.
    days |= substituted(*sorted((christmas, boxing), key=lambda day: (day.isoweekday() > 5, day)))
    if part == "SCT":
        first, second = date(year, 1, 1), date(year, 1, 2)
        days |= substituted(*sorted((first, second), key=lambda day: (day.isoweekday() > 5, day)))
        days |= {monday(year, 8, 0)} | substituted(date(year, 11, 30))
    else:
        days |= substituted(date(year, 1, 1)) | {easter(year) + timedelta(days=1), monday(year, 8, -1)}
    if part == "NIR":
        days |= substituted(date(year, 3, 17)) | substituted(date(year, 7, 12))
    days = {MOVED.get(day, day) for day in days}
    # Scotland's World Cup holiday of 2026 is a proclamation of its own.
    own = {date(2026, 6, 15)} if part == "SCT" else set()
    return frozenset(days | {day for day in EXTRA | own if day.year == year})


def works(day: date, part: str) -> bool:
    return day.isoweekday() <= 5 and day not in closed(part, day.year)


def working_days_on(start: date, count: int, part: str) -> date:
    day = start
    while count:
        day += timedelta(days=1)
        count -= works(day, part)
    return day


def months_on(start: date, count: int) -> date:
    """The same day of the month, or the last one where there is none."""
    year, month = start.year, start.month
    for _ in range(abs(count)):
        month += 1 if count > 0 else -1
        if month in (0, 13):
            year, month = year + (1 if month else -1), 1 if month else 12
    for day in range(start.day, 0, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    raise AssertionError


def summer(day: date) -> bool:
    """Whether London's clocks are an hour ahead at midday."""
    return last_sunday(day.year, 3) <= day < last_sunday(day.year, 10)


def last_sunday(year: int, month: int) -> date:
    return max(
        date(year, month, 1) + timedelta(days=n)
        for n in range(31)
        if (date(year, month, 1) + timedelta(days=n)).isoweekday() == 7
    )


def morning(day: date) -> datetime:
    return datetime.combine(day, time(6 if summer(day) else 7), UTC)


def every_day() -> list[date]:
    return [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


@pytest.mark.clause("PF-4.20.3", "PF-4.20.4", "PF-4.14")
@pytest.mark.parametrize("part", CALENDARS)
@pytest.mark.parametrize("days", [1, 3, 5, 10])
def test_working_days_of_ten_years(part: str, days: int) -> None:
    period = Period.parse(f"{days} working days")
    for day in every_day():
        noon = datetime.combine(day, time(12), UTC)
        course = plan(noon, period, part, MANNER, noon)
        due = working_days_on(day, days, part)
        assert course.due.day == due, (part, day)
        assert course.late_from == morning(due + timedelta(days=1)), (part, day)


@pytest.mark.clause("PF-4.10.2", "PF-5.13.1", "PF-4.25.1")
@pytest.mark.parametrize(
    ("period", "days"), [("0 calendar days", 0), ("3 calendar days", 3), ("7 calendar days", 7)]
)
def test_calendar_days_of_ten_years_end_with_the_day_in_london(period: str, days: int) -> None:
    for day in every_day():
        noon = datetime.combine(day, time(12), UTC)
        course = plan(noon, Period.parse(period), "ENG", MANNER, noon)
        due = day + timedelta(days=days)
        assert course.due.day == due
        next_midnight = datetime.combine(due + timedelta(days=1), time(0), UTC)
        if _clock_is_ahead_at_midnight(due + timedelta(days=1)):
            next_midnight -= timedelta(hours=1)
        assert course.due.at == next_midnight - timedelta(microseconds=1), day


def _clock_is_ahead_at_midnight(day: date) -> bool:
    return last_sunday(day.year, 3) < day <= last_sunday(day.year, 10)


@pytest.mark.clause("PF-4.11.2")
def test_windows_before_release_of_ten_years_open_at_eight_months_and_are_breached_at_six() -> None:
    for release in every_day():
        start = datetime.combine(release, time(12), UTC)
        known = start - timedelta(days=500)
        course = plan(
            start,
            Period.parse("-6 calendar months"),
            "ENG",
            MANNER,
            known,
            Period.parse("-8 calendar months"),
        )
        opens, breach = months_on(release, -8), months_on(release, -6)
        assert course.due.day == breach, release
        assert course.opens_at is not None
        assert (course.opens_at + timedelta(hours=2)).date() == opens, release
        assert course.steps[0].kind == "open"
        assert course.late_from == morning(breach + timedelta(days=1))
        reminders = [step.at for step in course.steps if step.kind == "reminder"]
        halfway = opens + timedelta(days=(breach - opens).days // 2)
        assert reminders == [morning(halfway), morning(breach - timedelta(days=1))], release


@pytest.mark.parametrize("months", [1, 3, 12])
def test_months_of_ten_years_keep_the_day_or_take_the_last(months: int) -> None:
    for day in every_day():
        noon = datetime.combine(day, time(12), UTC)
        course = plan(noon, Period.parse(f"{months} calendar months"), "ENG", MANNER, noon)
        assert course.due.day == months_on(day, months), day


@pytest.mark.clause("PF-5.9.6")
def test_what_must_be_done_before_a_moment_ends_with_it_and_before_a_day_with_the_day_before() -> None:
    for day in every_day()[::7]:
        booked = datetime.combine(day - timedelta(days=10), time(9), UTC)
        leaves = datetime.combine(day, time(5, 30), UTC)
        exact = plan_until(booked, Until.of(leaves, before=True), "ENG", MANNER, booked)
        assert exact.late_from == exact.due.at == leaves
        whole = plan_until(booked, Until.of(day, before=True), "ENG", MANNER, booked)
        assert whole.due.day == day - timedelta(days=1)
        assert whole.late_from == morning(day)
        by = plan_until(booked, Until.of(day, before=False), "ENG", MANNER, booked)
        assert by.due.day == day


@pytest.mark.parametrize(
    ("start", "period", "due"),
    [
        (date(2024, 2, 29), "12 calendar months", date(2025, 2, 28)),
        (date(2023, 11, 30), "3 calendar months", date(2024, 2, 29)),
        (date(2024, 10, 31), "-8 calendar months", date(2024, 2, 29)),
        # The funeral of 2022 fell on a Monday that nobody knew of when it began.
        (date(2022, 9, 16), "1 working day", date(2022, 9, 20)),
        (date(2022, 6, 1), "2 working days", date(2022, 6, 7)),
        (date(2023, 5, 5), "1 working day", date(2023, 5, 9)),
        (date(2020, 5, 7), "1 working day", date(2020, 5, 11)),
        (date(2027, 12, 24), "1 working day", date(2027, 12, 29)),
    ],
)
def test_edges(start: date, period: str, due: date) -> None:
    noon = datetime.combine(start, time(12), UTC)
    assert plan(noon, Period.parse(period), "ENG", MANNER, noon).due.day == due


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)])
def test_hours_are_hours_when_the_clocks_change(change: date) -> None:
    start = datetime.combine(change, time(0, 30), UTC)
    gap = Manner((("lpc",), ("cpc",)), gap=Period.parse("1 hour"))
    course = plan(start, Period.parse("2 hours"), "ENG", gap, start)
    assert course.due.at - start == timedelta(hours=2)
    rungs = [step.at - start for step in course.steps if step.kind == "rung"]
    assert rungs == [timedelta(hours=2), timedelta(hours=3)]
