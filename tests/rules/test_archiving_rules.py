"""When a record is ready to be archived, at the edges (PF-7/To do list.3, SC-17.13.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.records.archiving.rules import (
    NOTIFICATION,
    SUPERVISION,
    Ending,
    Life,
    Ready,
    death_problem,
    grounds,
    look_again,
    needs_termination,
    ready,
    still_managed,
)

TODAY = date(2026, 4, 1)
DAY = timedelta(days=1)
PLAIN = Life(level=1, deregistered_on=None, died_on=None, in_custody=False)


def ends(*dates: date | None, kind: str = SUPERVISION) -> tuple[Ending, ...]:
    return tuple(Ending(kind, one) for one in dates)


def test_what_is_not_known_to_end_runs() -> None:
    assert ready(PLAIN, TODAY) is None
    assert ready(replace(PLAIN, endings=ends(None)), TODAY) is None
    assert ready(replace(PLAIN, endings=ends(TODAY - DAY, None)), TODAY) is None


@pytest.mark.clause("SC-17.13.1", "PF-7/To do list.3")
def test_it_is_ready_from_the_day_on_which_the_last_ends() -> None:
    life = replace(PLAIN, endings=ends(TODAY - 9 * DAY, TODAY))
    assert ready(life, TODAY - DAY) is None
    assert ready(life, TODAY) == Ready("supervision_ended", TODAY)
    assert ready(life, TODAY + 400 * DAY) == Ready("supervision_ended", TODAY)


def test_the_last_to_end_says_why() -> None:
    notification = ends(TODAY, kind=NOTIFICATION)
    assert ready(replace(PLAIN, endings=(*ends(TODAY - DAY), *notification)), TODAY) == Ready(
        "notification_ended", TODAY
    )
    assert ready(replace(PLAIN, endings=(*ends(TODAY + DAY), *notification)), TODAY) is None


@pytest.mark.clause("PF-4.15.4")
@pytest.mark.parametrize("level", [2, 3])
def test_a_panel_or_a_prison_keeps_the_record(level: int) -> None:
    over = replace(PLAIN, level=level, endings=ends(TODAY))
    assert ready(over, TODAY) is None
    assert still_managed(over)
    assert ready(replace(PLAIN, in_custody=True, endings=ends(TODAY)), TODAY) is None
    gone = replace(over, deregistered_on=TODAY - DAY)
    assert not still_managed(gone)
    assert ready(gone, TODAY) == Ready("deregistered", TODAY - DAY)
    assert [one.ground for one in grounds(gone, TODAY)] == ["deregistered", "supervision_ended"]


def test_death_comes_before_all_else() -> None:
    dead = Life(3, TODAY, TODAY - DAY, in_custody=True, endings=ends(None))
    assert ready(dead, TODAY) == Ready("died", TODAY - DAY)
    assert not still_managed(dead)


def test_when_it_is_looked_at_next() -> None:
    assert look_again(PLAIN, TODAY) is None
    assert look_again(replace(PLAIN, endings=ends(TODAY, None)), TODAY) is None
    assert look_again(replace(PLAIN, endings=ends(TODAY + 5 * DAY, TODAY + DAY)), TODAY) == TODAY + DAY
    assert look_again(replace(PLAIN, in_custody=True, endings=ends(TODAY)), TODAY) == TODAY + DAY


@pytest.mark.clause("PF-4.28.4", "PF-4.28.2")
@pytest.mark.parametrize(
    ("ground", "kind", "jurisdiction", "needed"),
    [
        ("deregistered", "probation", "ENG", True),
        ("supervision_ended", "probation", "WLS", True),
        ("other", "probation", "ENG", True),
        ("died", "probation", "ENG", False),
        ("deregistered", "police", "ENG", False),
        ("deregistered", "police", "SCT", False),
    ],
)
def test_who_needs_the_termination_oasys(ground: str, kind: str, jurisdiction: str, *, needed: bool) -> None:
    assert needs_termination(ground, kind, jurisdiction) is needed


def test_a_day_of_death() -> None:
    born = date(1950, 5, 5)
    assert death_problem(born, born, TODAY) is None
    assert death_problem(TODAY, born, TODAY) is None
    assert death_problem(TODAY + DAY, born, TODAY)
    assert death_problem(born - DAY, born, TODAY)
