"""When a digest is owed, what a message says, how long a failed one waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.delivery.mail_rules import next_digest, wait, words

FRIDAY = datetime(2026, 3, 27, 18, tzinfo=UTC)


@pytest.mark.clause("PF-4.29.2")
@pytest.mark.parametrize(
    ("after", "times", "working", "at"),
    [
        (FRIDAY, ["07:30"], True, datetime(2026, 3, 30, 6, 30, tzinfo=UTC)),  # summer time has begun
        (FRIDAY, ["07:30"], False, datetime(2026, 3, 28, 7, 30, tzinfo=UTC)),
        (FRIDAY, ["18:30", "07:30"], True, datetime(2026, 3, 27, 18, 30, tzinfo=UTC)),
        (FRIDAY, ["18:00"], False, datetime(2026, 3, 28, 18, tzinfo=UTC)),
        (
            datetime(2026, 4, 2, 20, tzinfo=UTC),
            ["07:00"],
            True,
            datetime(2026, 4, 7, 6, tzinfo=UTC),
        ),  # Easter
        (FRIDAY, [], True, None),
    ],
)
def test_the_next_digest(after: datetime, times: list[str], working: bool, at: datetime | None) -> None:
    assert next_digest(times, after, "ENG", working_days_only=working) == at


@pytest.mark.parametrize("kind", ["digest", "urgent", "changes"])
@pytest.mark.parametrize("items", [1, 3])
def test_a_message_says_how_many_and_nothing_else(kind: str, items: int) -> None:
    said = words(kind, items, 2, "https://visor.example")
    assert said.subject.startswith("ViSOR: ")
    assert "{" not in said.subject + said.body
    if kind == "digest":
        assert said.subject == f"ViSOR: you have {items} new {'item' if items == 1 else 'items'}"


def test_a_failed_one_waits_longer_each_time_and_never_for_ever() -> None:
    waits = [wait(tries) for tries in range(1, 40)]
    assert waits[0] == timedelta(seconds=30)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=15)
