"""Periods as policy writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.time.periods import Period, Unit, due

MAUNDY_THURSDAY = datetime(2026, 4, 2, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("3 calendar days", date(2026, 4, 5)),
        ("0 calendar days", date(2026, 4, 2)),
        ("3 working days", date(2026, 4, 9)),
        ("1 working day", date(2026, 4, 7)),
        ("3 calendar months", date(2026, 7, 2)),
        ("-6 calendar months", date(2025, 10, 2)),
        ("6 calendar months before", date(2025, 10, 2)),
        ("1 calendar month before", date(2026, 3, 2)),
    ],
)
def test_a_period_of_days_ends_with_its_last_london_day(text: str, last: date) -> None:
    end = due(MAUNDY_THURSDAY, Period.parse(text), "ENG")
    assert end.day == last
    assert (end.at.minute, end.at.second) == (59, 59)


def test_a_clock_ends_to_the_minute() -> None:
    assert due(MAUNDY_THURSDAY, Period.parse("2 hours"), "ENG").at == datetime(2026, 4, 2, 17, 30, tzinfo=UTC)
    assert due(MAUNDY_THURSDAY, Period.parse("15 minutes"), "ENG").at == datetime(
        2026, 4, 2, 15, 45, tzinfo=UTC
    )
    assert Period.parse("1 hour").is_clock
    assert not Period.parse("1 working day").is_clock


def test_a_period_begins_with_the_london_day_and_not_with_that_of_utc() -> None:
    after_midnight_in_london = datetime(2026, 6, 30, 23, 15, tzinfo=UTC)
    assert due(after_midnight_in_london, Period.parse("1 calendar day"), "ENG").day == date(2026, 7, 2)


def test_working_days_keep_their_snapshot_and_other_periods_have_none() -> None:
    assert due(MAUNDY_THURSDAY, Period.parse("2 working days"), "ENG").days_used == [
        date(2026, 4, 7),
        date(2026, 4, 8),
    ]
    assert due(MAUNDY_THURSDAY, Period.parse("2 calendar days"), "ENG").days_used == []


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("-8 calendar months", "8 calendar months before"),
        ("-1 calendar months", "1 calendar month before"),
        ("8 calendar months", "8 calendar months"),
        ("1 working day", "1 working day"),
    ],
)
def test_what_is_counted_backwards_is_said_in_words_and_read_back(kept: str, said: str) -> None:
    period = Period.parse(kept)
    assert period.words == said
    assert Period.parse(said) == Period.parse(str(period)) == period


@pytest.mark.parametrize(
    "text",
    [
        *("", "5", "five days", "5 days", "5 weeks", "-3 working days", "5  working days", "3 days before"),
        *("3 working days before", "-6 calendar months before", "6 calendar months beforehand"),
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no|is not a valid|only months"):
        Period.parse(text)


@given(st.integers(0, 500), st.sampled_from(Unit))
def test_a_period_reads_what_it_writes(amount: int, unit: Unit) -> None:
    assert Period.parse(str(Period(amount, unit))) == Period(amount, unit)
