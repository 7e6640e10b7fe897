"""The day of the review against an independent calculation, at its edges (SC-17.12.3, D-18)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.records.deletion.rules import CHECKLIST, REVIEW, missing_checks, too_early
from services.records.retention.rules import manual_problem, next_problem, review_day

YEARS, LEAP = 100, "1 March"
DAY = timedelta(days=1)


def age(born: date, on: date) -> int:
    """Birthdays that somebody has had by this day: counted one by one, as people do."""
    had = 0
    for year in range(born.year + 1, on.year + 1):
        # Whoever is born on 29 February has their birthday behind them when February is over.
        if (on.year, on.month, on.day) >= (year, born.month, born.day):
            had += 1
    return had


def first_day_of_age(born: date, years: int) -> date:
    """Looks at each day about that birthday for the first on which the person is so old."""
    near = date(born.year + years, 1, 1)
    while age(born, near) < years:
        near += DAY
    return near


@pytest.mark.clause("SC-17.12.3")
def test_every_birthday_of_five_years_falls_where_counting_finds_it() -> None:
    born = date(1996, 1, 1)
    while born < date(2001, 1, 1):
        assert review_day(born, "day", YEARS, LEAP) == first_day_of_age(born, YEARS), born
        born += DAY


@pytest.mark.clause("SC-17.12.3")
@pytest.mark.parametrize(
    ("born", "precision", "expected"),
    [
        (date(2000, 2, 29), "day", date(2100, 3, 1)),  # 2100 has no 29 February
        (date(1996, 2, 29), "day", date(2096, 2, 29)),  # 2096 has
        (date(1904, 2, 29), "day", date(2004, 2, 29)),
        (date(2000, 2, 28), "day", date(2100, 2, 28)),
        (date(1926, 12, 31), "day", date(2026, 12, 31)),
        (date(2000, 2, 1), "month", date(2100, 2, 28)),
        (date(1996, 2, 1), "month", date(2096, 2, 29)),
        (date(1926, 4, 1), "month", date(2026, 4, 30)),
        (date(1926, 1, 1), "year", date(2026, 12, 31)),
        (date(1926, 7, 9), "unknown", None),
        (date(9950, 1, 1), "day", None),
    ],
)
def test_leap_days_and_dates_known_in_part(born: date, precision: str, expected: date | None) -> None:
    assert review_day(born, precision, YEARS, LEAP) == expected


def test_what_is_known_in_part_is_never_too_early() -> None:
    """Whatever the day was, the review is not before its hundredth birthday."""
    for month in range(1, 13):
        for day in (1, 15, 28):
            born = date(1931, month, day)
            whole = first_day_of_age(born, YEARS)
            for precision in ("month", "year"):
                found = review_day(date(1931, month, 1), precision, YEARS, LEAP)
                assert found is not None
                assert found >= whole


def test_policy_may_take_the_last_day_of_february() -> None:
    assert review_day(date(2000, 2, 29), "day", YEARS, "28 February") == date(2100, 2, 28)


def test_the_next_review() -> None:
    today, latest = date(2026, 4, 1), date(2036, 4, 1)
    assert next_problem(today, today, latest)
    assert next_problem(today + DAY, today, latest) is None
    assert next_problem(latest, today, latest) is None
    assert "1 April 2036" in str(next_problem(latest + DAY, today, latest))


def test_a_day_is_set_by_hand_only_where_nothing_is_known() -> None:
    today = date(2026, 4, 1)
    assert manual_problem("unknown", None, today)
    assert manual_problem("unknown", today, today)
    assert manual_problem("unknown", today + DAY, today) is None
    assert manual_problem("year", today + DAY, today)
    assert manual_problem("year", None, today) is None


@pytest.mark.clause("PF-4.16i.1")
def test_before_its_review_a_record_needs_another_ground() -> None:
    today = date(2026, 4, 1)
    assert too_early(REVIEW, today + DAY, today, due=False)
    assert too_early(REVIEW, None, today, due=False)
    assert not too_early(REVIEW, today, today, due=False)
    assert not too_early(REVIEW, today + DAY, today, due=True)
    assert not too_early("erasure", today + DAY, today, due=False)


@pytest.mark.clause("PF-4.16i.2")
def test_all_of_the_checklist_is_looked_at() -> None:
    assert missing_checks(list(CHECKLIST)) == []
    assert len(missing_checks([])) == len(CHECKLIST)
    assert missing_checks(list(CHECKLIST)[1:]) == [next(iter(CHECKLIST.values()))]
