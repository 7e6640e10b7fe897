"""Calendars against the published lists and a calculation of Easter of our own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.time.bank_holidays import JURISDICTIONS, Proclaimed, bank_holidays, override, proclaimed_days
from shared.time.calendars import (
    add_calendar_days,
    add_months,
    add_working_days,
    anniversary,
    end_of_day,
    is_working_day,
    london_day,
    next_working_day,
    start_of_day,
)

# Typed from gov.uk's page of bank holidays; month-day.
ENGLAND_AND_WALES = {
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}
SCOTLAND = {
    2024: "01-01 01-02 03-29 05-06 05-27 08-05 12-02 12-25 12-26",
    2025: "01-01 01-02 04-18 05-05 05-26 08-04 12-01 12-25 12-26",
    2026: "01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-28",
    2027: "01-01 01-04 03-26 05-03 05-31 08-02 11-30 12-27 12-28",
}
NORTHERN_IRELAND = {
    2024: "01-01 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26",
    2025: "01-01 03-17 04-18 04-21 05-05 05-26 07-14 08-25 12-25 12-26",
    2026: "01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28",
    2027: "01-01 03-17 03-26 03-29 05-03 05-31 07-12 08-30 12-27 12-28",
}
PUBLISHED = {"ENG": ENGLAND_AND_WALES, "WLS": ENGLAND_AND_WALES, "SCT": SCOTLAND, "NIR": NORTHERN_IRELAND}

parts = st.sampled_from(JURISDICTIONS)
days = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def weekdays_of(year: int) -> set[date]:
    every = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return {day for day in every if day.year == year and day.isoweekday() <= 5}


def easter_by_hand(year: int) -> date:
    """Sunday after the ecclesiastical full moon: the golden number and the epact, not the usual one-line formula."""
    golden = year % 19 + 1
    century = year // 100 + 1
    solar = 3 * century // 4 - 12
    lunar = (8 * century + 5) // 25 - 5
    epact = (11 * golden + 20 + lunar - solar) % 30
    if epact == 24 or (epact == 25 and golden > 11):
        epact += 1
    full_moon = 44 - epact
    full_moon += 30 if full_moon < 21 else 0
    moon = date(year, 3, 1) + timedelta(days=full_moon - 1)
    return moon + timedelta(days=7 - moon.isoweekday() % 7)


@pytest.mark.parametrize("year", range(2024, 2028))
@pytest.mark.parametrize("part", JURISDICTIONS)
def test_the_working_days_of_a_year_are_those_of_the_published_list(part: str, year: int) -> None:
    closed = {date.fromisoformat(f"{year}-{text}") for text in PUBLISHED[part][year].split()}
    assert {day for day in weekdays_of(year) if not is_working_day(day, part)} == closed


@pytest.mark.parametrize("year", range(1995, 2061))
def test_easter_is_kept_where_and_when_it_is_kept(year: int) -> None:
    easter = easter_by_hand(year)
    friday, monday = easter - timedelta(days=2), easter + timedelta(days=1)
    assert all(not is_working_day(friday, part) for part in JURISDICTIONS)
    assert [is_working_day(monday, part) for part in ("ENG", "WLS", "NIR")] == [False] * 3
    assert is_working_day(monday, "SCT"), "Easter Monday is no bank holiday in Scotland"


@pytest.mark.clause("PF-4.20.3")
def test_minutes_of_a_meeting_before_easter_are_due_later_in_england_than_in_scotland() -> None:
    thursday = date(2026, 4, 2)
    england, scotland = (add_working_days(thursday, 5, part) for part in ("ENG", "SCT"))
    assert england.due == date(2026, 4, 13)
    assert scotland.due == date(2026, 4, 10)
    assert [(left.day.day, left.reason) for left in england.left_out] == [
        (3, "Good Friday"),
        (4, "Saturday"),
        (5, "Sunday"),
        (6, "Easter Monday"),
        (11, "Saturday"),
        (12, "Sunday"),
    ]
    assert england.days_used == [date(2026, 4, day) for day in (7, 8, 9, 10, 13)]


def test_christmas_on_a_weekend_moves_to_the_next_working_days() -> None:
    assert next_working_day(date(2027, 12, 24), "ENG") == date(2027, 12, 29)
    assert next_working_day(date(2026, 12, 24), "NIR") == date(2026, 12, 29)


def test_new_year_takes_one_day_in_england_and_two_in_scotland() -> None:
    assert next_working_day(date(2025, 12, 31), "ENG") == date(2026, 1, 2)
    assert next_working_day(date(2025, 12, 31), "SCT") == date(2026, 1, 5)
    assert next_working_day(date(2026, 12, 31), "SCT") == date(2027, 1, 5), "2 January 2027 is a Saturday"


def test_northern_ireland_rests_on_saint_patrick_and_the_boyne_and_scotland_on_saint_andrew() -> None:
    for day, part in ((date(2026, 3, 17), "NIR"), (date(2026, 7, 13), "NIR"), (date(2026, 11, 30), "SCT")):
        assert [each for each in JURISDICTIONS if not is_working_day(day, each)] == [part]


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2022, 9, 19), JURISDICTIONS),
        (date(2023, 5, 8), JURISDICTIONS),
        (date(2022, 6, 3), JURISDICTIONS),
        (date(2026, 6, 15), ("SCT",)),
    ],
)
def test_proclaimed_days_are_kept(day: date, closed: tuple[str, ...]) -> None:
    assert tuple(part for part in JURISDICTIONS if not is_working_day(day, part)) == closed


def test_a_proclamation_adds_a_day_or_takes_one_away_in_its_own_part_and_year_only() -> None:
    known = {date(2028, 5, 1): "May Day"}
    table = (
        Proclaimed("ENG", date(2028, 5, 1), holiday=False, name="moved"),
        Proclaimed("ENG", date(2028, 5, 8), holiday=True, name="May Day, moved"),
    )
    assert override(known, table, "ENG", 2028) == {date(2028, 5, 8): "May Day, moved"}
    assert override(known, table, "SCT", 2028) == known
    assert override(known, table, "ENG", 2029) == known


def test_the_table_of_proclamations_names_known_parts_and_each_day_once() -> None:
    keys = [(row.jurisdiction, row.day) for row in proclaimed_days()]
    assert len(keys) == len(set(keys))
    assert {part for part, _ in keys} <= set(JURISDICTIONS)


def test_freedom_of_information_leaves_out_the_holidays_of_every_part() -> None:
    closed = set(bank_holidays("UK", 2026))
    assert closed == {day for part in JURISDICTIONS for day in bank_holidays(part, 2026)}
    assert add_working_days(date(2026, 3, 2), 20, "UK").due == date(2026, 3, 31), (
        "17 March is kept in Northern Ireland"
    )
    assert add_working_days(date(2026, 3, 2), 20, "ENG").due == date(2026, 3, 30)


def test_an_unknown_jurisdiction_is_refused() -> None:
    with pytest.raises(ValueError, match="IRL"):
        is_working_day(date(2026, 1, 1), "IRL")


@given(days, st.integers(0, 40), parts)
def test_working_days_are_counted_as_one_by_one(start: date, n: int, part: str) -> None:
    counted = add_working_days(start, n, part)
    between = [start + timedelta(days=k) for k in range(1, (counted.due - start).days + 1)]
    assert counted.days_used == [day for day in between if is_working_day(day, part)]
    assert sorted(counted.days_used + [left.day for left in counted.left_out]) == between
    assert len(counted.days_used) == n
    assert (counted.days_used or [start])[-1] == counted.due


def test_no_counting_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(date(2026, 1, 5), -1, "ENG")


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 8, 31), -6, date(2024, 2, 29)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 10, 31), -8, date(2026, 2, 28)),
    ],
)
@pytest.mark.clause("PF-4.11.2")
def test_months_end_on_the_same_day_or_on_the_last(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@given(days, st.integers(-600, 600))
def test_months_keep_the_day_unless_the_month_is_too_short(start: date, n: int) -> None:
    end = add_months(start, n)
    assert (end.year - start.year) * 12 + end.month - start.month == n
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


def test_days_cross_a_leap_day() -> None:
    assert add_calendar_days(date(2024, 2, 26), 3) == date(2024, 2, 29)
    assert add_calendar_days(date(2023, 2, 26), 3) == date(2023, 3, 1)


@pytest.mark.clause("SC-17.12.3")
def test_the_hundredth_anniversary_of_a_leap_day_is_the_first_of_march_where_there_is_none() -> None:
    assert anniversary(date(2000, 2, 29), 100) == date(2100, 3, 1), "2100 is no leap year"
    assert anniversary(date(1904, 2, 29), 100) == date(2004, 2, 29)
    assert anniversary(date(1957, 6, 8), 100) == date(2057, 6, 8)


def test_the_end_of_a_day_is_londons_in_winter_and_in_summer() -> None:
    assert end_of_day(date(2026, 1, 15)) == datetime(2026, 1, 15, 23, 59, 59, 999999, tzinfo=UTC)
    assert end_of_day(date(2026, 7, 15)) == datetime(2026, 7, 15, 22, 59, 59, 999999, tzinfo=UTC)


def test_the_days_on_which_clocks_change_are_shorter_and_longer() -> None:
    def length(day: date) -> timedelta:
        return end_of_day(day) - start_of_day(day) + timedelta(microseconds=1)

    assert length(date(2026, 3, 29)) == timedelta(hours=23)
    assert length(date(2026, 10, 25)) == timedelta(hours=25)
    assert length(date(2026, 11, 21)) == timedelta(hours=24)


@given(days)
def test_the_end_of_a_day_lies_in_it_and_the_next_microsecond_does_not(day: date) -> None:
    assert london_day(end_of_day(day)) == day
    assert london_day(end_of_day(day) + timedelta(microseconds=1)) == day + timedelta(days=1)
    assert end_of_day(day).tzinfo is UTC


def test_a_moment_without_a_zone_has_no_london_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        london_day(end_of_day(date(2026, 1, 1)).replace(tzinfo=None))
