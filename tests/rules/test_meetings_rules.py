"""What can be entered of a MAPP meeting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.records.meetings.rules import EARLIEST, owed_again_by, wrong_dates, wrong_receipt
from shared.time.periods import Period, Unit

TODAY = date(2026, 4, 1)
DAYS = st.dates(EARLIEST, TODAY)


@pytest.mark.clause("PF-4.20.1")
@given(held_on=DAYS)
def test_any_day_since_mappa_began_can_be(held_on: date) -> None:
    assert wrong_dates(held_on, TODAY) == {}


@pytest.mark.parametrize("held_on", [TODAY + timedelta(days=1), EARLIEST - timedelta(days=1)])
def test_no_other_day_can(held_on: date) -> None:
    assert set(wrong_dates(held_on, TODAY)) == {"held_on"}


@pytest.mark.clause("PF-4.20.2")
@given(held_on=DAYS, received_on=st.dates(EARLIEST - timedelta(days=9), TODAY + timedelta(days=9)))
def test_minutes_come_after_their_meeting_and_not_tomorrow(held_on: date, received_on: date) -> None:
    wrong = wrong_receipt(received_on, held_on, TODAY)
    assert (wrong == {}) is (held_on <= received_on <= TODAY)
    assert set(wrong) <= {"received_on"}


@pytest.mark.clause("PF-4.20.2")
@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        (date(2026, 3, 20), date(2026, 4, 2)),  # long past: as soon as what came
        (date(2026, 4, 10), date(2026, 4, 10)),  # its own day is still to come
        (None, date(2026, 4, 2)),  # a core group
    ],
)
def test_minutes_that_went_are_due_soon_and_not_before_their_own_day(
    due_on: date | None, expected: date
) -> None:
    assert owed_again_by(due_on, TODAY, Period(1, Unit.WORKING_DAYS), "ENG") == expected
