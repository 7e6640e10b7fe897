"""Which duty a registration brings, at its edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.records.reception.rules import may_ask, outcome_of
from services.records.referrals.rules import (
    Duty,
    Practice,
    Registration,
    date_problems,
    duty_of,
    window_opens,
)

TODAY = date(2026, 4, 1)
LEVEL_1 = Registration("2", 1, supervised=True, jurisdiction="ENG", registered_on=TODAY)
STAFFED, UNSTAFFED = Practice(staffed=True), Practice(staffed=False)


@pytest.mark.clause("PF-4.10.2", "PF-4.14", "SC-17.9")
@pytest.mark.parametrize(
    ("category", "level", "supervised", "jurisdiction", "code"),
    [
        ("2", 2, False, "ENG", "D-01"),
        ("2", 3, True, "WLS", "D-01"),
        ("3", 2, True, "ENG", "D-04"),
        ("3", 3, False, "ENG", None),
        ("1", 2, True, "ENG", None),
        ("PDP", None, False, "ENG", None),
        ("RSO", 1, False, "SCT", "D-47"),
        ("RP", 3, False, "SCT", "D-47"),
        ("ORSH", 2, False, "SCT", "D-47"),
        ("PDP", None, False, "SCT", None),
    ],
)
@pytest.mark.parametrize("practice", [STAFFED, UNSTAFFED])
def test_the_duty_of_a_registration(
    category: str,
    level: int | None,
    supervised: bool,
    jurisdiction: str,
    code: str | None,
    practice: Practice,
) -> None:
    """The switch of the area is nothing to these: Scotland has none (SC-17.9)."""
    one = Registration(category, level, supervised, jurisdiction, TODAY)
    assert duty_of(one, practice, TODAY).code == code


@pytest.mark.clause("PF-4.11.1", "PF-4.11.2", "PF-0.11.1", "PSI-5.3.p2")
@pytest.mark.parametrize(
    ("release", "expected"),
    [
        (None, Duty(None, why="no_release_date")),
        (date(2026, 12, 1), Duty("D-02", date(2026, 12, 1))),
        (date(2026, 12, 2), Duty(None, why="window", when=date(2026, 4, 2))),
        (date(2026, 4, 2), Duty("D-02", date(2026, 4, 2))),
        (date(2025, 4, 2), Duty("D-02", date(2025, 4, 2))),
    ],
)
def test_the_window_before_release(release: date | None, expected: Duty) -> None:
    one = replace(LEVEL_1, release_on=release)
    assert duty_of(one, STAFFED, TODAY) == expected
    assert duty_of(one, UNSTAFFED, TODAY) == Duty(None, why="not_staffed")
    assert duty_of(one, replace(STAFFED, level_1_recorded=False), TODAY) == Duty(None, why="off")


def test_a_window_that_would_open_on_no_day_opens_on_the_last() -> None:
    assert window_opens(date(2026, 10, 31), STAFFED) == date(2026, 2, 28)


@pytest.mark.clause("PF-4.13")
def test_a_community_sentence_counts_from_the_day_of_sentence() -> None:
    one = replace(LEVEL_1, sentenced_on=date(2026, 3, 30))
    assert duty_of(one, STAFFED, TODAY) == Duty("D-03", date(2026, 3, 30))
    assert duty_of(one, UNSTAFFED, TODAY) == Duty(None, why="not_staffed")
    assert duty_of(replace(one, level=None), STAFFED, TODAY).code == "D-03"


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, set()),
        ({"registered_on": date(2026, 4, 2)}, {"registered_on"}),
        ({"sentenced_on": date(2026, 4, 2)}, {"sentenced_on"}),
        ({"sentenced_on": TODAY}, set()),
        ({"release_on": date(2086, 4, 1)}, set()),
        ({"release_on": date(2087, 1, 1)}, {"release_on"}),
        ({"release_on": date(2026, 9, 1), "sentenced_on": TODAY}, {"sentenced_on"}),
    ],
)
def test_dates(given: dict[str, date], wrong: set[str]) -> None:
    assert date_problems(replace(LEVEL_1, **given), TODAY).keys() == wrong  # type: ignore[arg-type]


@pytest.mark.clause("PF-5.12.1")
def test_what_a_search_at_reception_comes_to() -> None:
    assert outcome_of([1], [2]) == "match"
    assert outcome_of([], [2]) == "possible"
    assert outcome_of([], []) == "none"


def test_prisons_ask() -> None:
    assert may_ask("prison", holds_partner=True) is None
    assert may_ask("prison", holds_partner=False) == "R11"
    assert may_ask("probation", holds_partner=True) == "R32"
