"""How long a check counts, and what it must say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.records.rotl import rules
from shared.time.periods import Period

AT = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
FORTNIGHT = Period.parse("14 calendar days")


@pytest.mark.clause("PF-5.23.1")
def test_a_check_counts_to_the_end_of_its_fourteenth_day() -> None:
    assert rules.lasts_until(AT, FORTNIGHT, "ENG") == date(2026, 4, 15)
    for at, counts in (
        (AT, True),
        (AT - timedelta(seconds=1), False),
        (datetime(2026, 4, 15, 22, 59, 59, tzinfo=UTC), True),  # London is an hour ahead
        (datetime(2026, 4, 15, 23, 0, 0, tzinfo=UTC), False),
    ):
        assert rules.still_counts(AT, at, FORTNIGHT, "ENG") is counts, at


@pytest.mark.clause("PF-5.23.2")
def test_a_risk_is_said_in_words() -> None:
    assert rules.wrong_check("no_risk", "") == {}
    assert rules.wrong_check("risk", "He threatened her again.") == {}
    for outcome in ("risk", "referred"):
        assert set(rules.wrong_check(outcome, " \n")) == {"text"}


def test_leave_lies_ahead() -> None:
    today = AT.date()
    assert rules.wrong_leave(today, today) == {}
    assert rules.wrong_leave(today + timedelta(days=90), today) == {}
    for day in (today - timedelta(days=1), today + timedelta(days=91)):
        assert set(rules.wrong_leave(day, today)) == {"leave_on"}
