"""Until when something is in time: the end of its day, or the minute before that at which it becomes late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.notifications.todo.models import TodoItem
from services.notifications.todo.rules import DueState
from services.notifications.todo.shown import ShownItem
from shared.time.calendars import end_of_day

DAY = date(2026, 7, 10)
END = end_of_day(DAY)  # in London, an hour before UTC's


def due_at(due_on: date | None, late_from: datetime | None) -> datetime | None:
    return ShownItem(TodoItem(due_on=due_on, late_from=late_from), DueState("none", ""), "").due_at


@pytest.mark.clause("PF-4.29.3")
@pytest.mark.parametrize(
    ("late_from", "expected"),
    [
        (None, END),
        # A clock in hours is late within its day: what comes after that minute is not in time.
        (datetime(2026, 7, 10, 14, 30, tzinfo=UTC), datetime(2026, 7, 10, 14, 30, tzinfo=UTC)),
        (END - timedelta(microseconds=1), END - timedelta(microseconds=1)),
        (END, END),
        (END + timedelta(microseconds=1), END),
        # A clock in days is late from the morning after, and in time until midnight.
        (datetime(2026, 7, 11, 6, tzinfo=UTC), END),
    ],
)
def test_the_last_instant_in_time(late_from: datetime | None, expected: datetime) -> None:
    assert due_at(DAY, late_from) == expected


def test_what_has_no_due_day_is_never_late() -> None:
    assert due_at(None, datetime(2026, 7, 10, 14, 30, tzinfo=UTC)) is None
