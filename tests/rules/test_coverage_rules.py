"""When a post is covered, and when it will not be."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.identity.coverage.posts import of_sets, posts
from services.identity.coverage.rules import (
    Hold,
    first_gap,
    held,
    holds_everything,
    is_manager,
    state_of,
    wrong_month,
)
from shared.policy import published_policy

TODAY = date(2026, 3, 2)
LAST = TODAY + timedelta(days=90)
ANN, BOB = UUID(int=1), UUID(int=2)


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def hold(who: UUID, until: int | None = None, since: int = -30) -> Hold:
    return Hold(who, days(since), None if until is None else days(until))


@pytest.mark.clause("PF-4.4.1", "PI-3.8.5", "PSI-5.3.6")
@pytest.mark.parametrize(
    ("holds", "gap"),
    [
        ([], 0),
        ([hold(ANN)], None),
        ([hold(ANN, until=0)], 0),
        ([hold(ANN, until=1)], 1),
        ([hold(ANN, until=90)], 90),
        ([hold(ANN, until=91)], None),
        ([hold(ANN, until=10), hold(BOB)], None),
        ([hold(ANN, until=10), hold(BOB, until=20)], 20),
        ([hold(ANN, until=10), hold(BOB, since=10)], None),
        ([hold(ANN, until=10), hold(BOB, since=11)], 10),
        ([hold(BOB, since=5)], 0),
    ],
)
def test_the_first_day_without_a_holder(holds: list[Hold], gap: int | None) -> None:
    found = first_gap(holds, 1, TODAY, LAST)
    assert found == (None if gap is None else days(gap))


def test_two_grants_of_one_person_are_one_holder() -> None:
    assert held([hold(ANN), hold(ANN, until=5)], TODAY) == 1
    assert first_gap([hold(ANN), hold(ANN)], 2, TODAY, LAST) == TODAY


@pytest.mark.clause("PF-4.8", "PF-5.4")
@pytest.mark.parametrize(
    ("number", "gap", "state"),
    [
        (0, 0, "uncovered"),
        (1, None, "covered"),
        (1, 30, "ending"),
        (2, None, "too_many"),
        (2, 30, "too_many"),
    ],
)
def test_zero_and_more_than_one_are_faults(number: int, gap: int | None, state: str) -> None:
    assert state_of(number, 1, 1, None if gap is None else days(gap), TODAY) == state


@pytest.mark.clause("PF-5.5")
def test_several_leads_are_no_fault() -> None:
    assert state_of(3, 1, None, None, TODAY) == "covered"


@pytest.mark.clause("PF-5.5")
@pytest.mark.parametrize(
    ("title", "manages"),
    [
        ("Head of Offender Management Delivery", True),
        ("HOMS", True),
        ("Regional Security Hub Manager", True),
        ("Prison Case Administrator", False),
        ("", False),
    ],
)
def test_a_lead_is_a_manager_by_title(title: str, manages: bool) -> None:
    assert is_manager(title) is manages


@pytest.mark.clause("PF-5.6.1")
def test_one_person_with_every_token_is_nobody_s_cover() -> None:
    assert holds_everything({ANN: ["partner", "central_support"]}) == ANN
    assert holds_everything({ANN: ["partner"], BOB: ["partner"]}) is None
    assert holds_everything({ANN: ["partner"], BOB: []}) == ANN
    assert holds_everything({}) is None


@pytest.mark.clause("PF-7/ViSOR Lead.2")
def test_the_month_of_an_assurance_has_begun_and_is_of_this_year() -> None:
    assert wrong_month(TODAY, TODAY) == {}
    assert wrong_month(date(2025, 3, 31), TODAY) == {}
    assert "month" in wrong_month(date(2025, 2, 28), TODAY)
    assert "month" in wrong_month(date(2026, 4, 1), TODAY)


@pytest.mark.clause("PI-3.8.1")
def test_the_posts_of_2009_are_kept_and_off() -> None:
    policy = published_policy()
    now = of_sets(frozenset(policy.texts("coverage.sets", TODAY)))
    then = of_sets(frozenset(policy.texts("coverage.sets", date(2015, 1, 1))))
    assert {post.code for post in then} == {
        "administrators_2009",
        "account_creators_2009",
        "prison_users_2009",
    }
    assert not {post.code for post in now} & {post.code for post in then}


@pytest.mark.clause("PI-3.8.4")
def test_trainers_are_a_post_of_each_area_that_national_policy_may_switch_on() -> None:
    policy = published_policy()
    now = frozenset(policy.texts("coverage.sets", TODAY))
    added = set(of_sets(now | {"trainers"})) - set(of_sets(now))
    assert {(post.kind, post.name, post.unit_kind, post.least) for post in added} == {
        ("role", "trainer", "mappa_area", 1)
    }


@pytest.mark.clause("PF-4.8", "PF-5.1", "PF-5.5")
def test_each_area_group_force_unit_and_prison_has_its_post() -> None:
    now = of_sets(frozenset({"current"}))
    assert {(post.name, post.unit_kind) for post in now if post.most == 1} == {
        ("cpc", "mappa_area"),
        ("cpc", "prison_group"),
        ("cpc", "force"),
        ("lpc", "delivery_unit"),
    }
    assert ("visor_lead", "prison") in {(post.name, post.unit_kind) for post in now}
    assert all(post.tells for post in posts())
