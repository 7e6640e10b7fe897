"""Which vetting counts under which scheme, what tokens and roles need, and when its end is foretold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.vetting.models import VettingType
from services.identity.vetting.records import accepted_days
from services.identity.vetting.rules import (
    ROLE_LEVELS,
    TOKEN_LEVELS,
    Clearance,
    Days,
    expired_on,
    is_not_accepted,
    lead_warning,
    level_held,
    may_be_offered_central_support,
    may_have_role,
    may_hold,
    wrong_dates,
    wrong_exception,
)
from shared.policy import Entry, Policy, published_policy

TODAY, DAY = date(2026, 3, 2), timedelta(days=1)
YEAR = 365 * DAY


def kind(
    code: str, level: int, scheme: str, beside: str | None = None, last: date | None = None
) -> VettingType:
    return VettingType(
        code=code,
        name=code,
        level=level,
        scheme=scheme,
        accepted_from=date(2009, 10, 5) if scheme == "legacy2009" else date(2023, 1, 16),
        accepted_to=last,
        authority="Home Office",
        needs_sro=False,
        beside=beside,
    )


def held(one: VettingType, policy: Policy, day: date) -> Clearance:
    days = tuple(accepted_days(one, policy))
    return Clearance(one.level, day - YEAR, day + YEAR, kind=one.code, beside=one.beside, accepted=days)


SC = kind("sc", 3, "legacy2009")
BPSS, CRB = kind("bpss", 2, "legacy2009", "crb"), kind("crb", 2, "legacy2009", "bpss")
NPPV2, NPPV3 = kind("nppv2", 2, "nppv2023"), kind("nppv3", 3, "nppv2023")


def level(policy: Policy, day: date, *kinds: VettingType) -> int:
    return level_held([held(one, policy, day) for one in kinds], day)


@pytest.mark.clause("PI-3.9.1", "PI-3.9.2")
def test_under_the_scheme_of_2009_a_cpc_needs_sc_and_everybody_else_baseline_and_crb() -> None:
    day, policy = date(2012, 5, 1), published_policy()
    assert level(policy, day, SC) == 3
    assert level(policy, day, BPSS, CRB) == 2
    assert level(policy, day, BPSS) == level(policy, day, CRB) == 0
    assert may_hold("cpc", level(policy, day, SC))
    assert not may_hold("cpc", level(policy, day, BPSS, CRB))
    assert may_hold("read_only", level(policy, day, BPSS, CRB))
    assert level(policy, day, NPPV3) == 0


@pytest.mark.clause("PI-3.9.1", "PI-3.9.2")
def test_under_the_scheme_of_2023_only_its_own_kinds_count() -> None:
    policy = published_policy()
    assert level(policy, TODAY, SC, BPSS, CRB) == 0
    assert level(policy, TODAY, SC, NPPV2) == 2
    assert is_not_accepted([held(SC, policy, TODAY)], TODAY)
    assert not may_hold("partner", level(policy, TODAY, BPSS, CRB))


@pytest.mark.clause("PI-3.9.1")
def test_the_scheme_is_one_switch_and_never_both() -> None:
    back = Entry("vetting.scheme", "legacy2009", TODAY, TODAY + 10 * DAY, "a test")
    policy = published_policy().with_entries([back])
    assert level(policy, TODAY, SC) == 3
    assert level(policy, TODAY, NPPV3) == 0
    assert level(policy, TODAY - DAY, SC) == 0
    assert level(policy, TODAY - DAY, NPPV3) == 3


@pytest.mark.clause("PF-4.3.2")
@pytest.mark.parametrize(("days", "counts"), [(-1, True), (0, True), (1, False)])
def test_a_kind_counts_to_its_last_accepted_day(days: int, counts: bool) -> None:
    one = kind("other", 2, "nppv2023", last=TODAY)
    clearance = replace(held(one, published_policy(), TODAY), expires_on=TODAY + YEAR)
    assert bool(level_held([clearance], TODAY + days * DAY)) is counts


@pytest.mark.clause("PF-4.16/A.1")
def test_other_vetting_counts_only_when_it_is_authorised() -> None:
    one = Clearance(2, TODAY - YEAR, TODAY + YEAR)
    assert level_held([one], TODAY) == 2
    assert level_held([replace(one, authorised=False)], TODAY) == 0
    assert not is_not_accepted([replace(one, authorised=False)], TODAY)


@pytest.mark.clause("PF-6.1.3", "PF-4.8/t.1", "PF-4.8/t.2", "PF-5.4/t", "PF-7/ViSOR Administrative access.1")
def test_what_each_token_needs() -> None:
    assert {token for token, needed in TOKEN_LEVELS.items() if needed == 3} == {
        "cpc",
        "central_support",
        "admin",
    }
    assert all(may_hold(token, 3) for token in TOKEN_LEVELS)
    assert may_hold("lpc", 2)
    assert not may_hold("central_support", 2)
    assert not any(may_hold(token, 0) for token in TOKEN_LEVELS)


@pytest.mark.clause("PF-6.1.2", "PF-4.8/t.3", "PF-5.5/t.3")
@pytest.mark.parametrize("role", sorted(ROLE_LEVELS))
def test_operational_roles_need_level_two(role: str) -> None:
    assert may_have_role(role, 2)
    assert not may_have_role(role, 0)


@pytest.mark.clause("PF-5.5/t.1", "PF-5.5/t.2")
@pytest.mark.parametrize(
    ("held", "warned", "offered"), [(0, False, False), (2, True, False), (3, False, True)]
)
def test_a_lead_at_level_two_is_warned_of_and_at_level_three_offered_more(
    held: int, warned: bool, offered: bool
) -> None:
    assert (lead_warning(held), may_be_offered_central_support(held)) == (warned, offered)
    assert may_have_role("visor_lead", 2)


@given(st.integers(-400, 400))
def test_somebody_is_either_covered_or_ran_out_or_never_had_any(days: int) -> None:
    one = Clearance(2, TODAY, TODAY + 100 * DAY)
    day = TODAY + days * DAY
    states = (level_held([one], day) > 0, expired_on([one], day) is not None, day < one.cleared_on)
    assert sum(states) == 1


@pytest.mark.clause("PF-6.1.1")
@pytest.mark.parametrize(
    ("cleared", "expires", "wrong"),
    [(0, 1, set()), (1, 2, {"cleared_on"}), (0, 0, {"expires_on"}), (5, 5, {"cleared_on", "expires_on"})],
)
def test_the_days_of_a_clearance(cleared: int, expires: int, wrong: set[str]) -> None:
    assert wrong_dates(TODAY + cleared * DAY, TODAY + expires * DAY, TODAY).keys() == wrong


@pytest.mark.clause("PF-4.16/A.3")
@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [
        (0, 0, set()),
        (0, 89, set()),
        (0, 90, {"last_day"}),
        (10, 99, set()),
        (10, 100, {"last_day"}),
        (-1, 5, {"first_day"}),
        (5, 4, {"last_day"}),
    ],
)
def test_an_exception_lasts_ninety_days_at_most(first: int, last: int, wrong: set[str]) -> None:
    assert wrong_exception(TODAY + first * DAY, TODAY + last * DAY, TODAY, 90).keys() == wrong


def test_days_hold_their_first_and_last() -> None:
    days = Days(TODAY, TODAY + DAY)
    assert [days.hold(TODAY + number * DAY) for number in (-1, 0, 1, 2)] == [False, True, True, False]
