"""The decision whether a session opens, and the order in which refusals are named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.sessions.rules import Limits, Times, is_over
from services.identity.sign_in.one_time_codes import STEP_SECONDS, code_at, new_secret, step_of
from services.identity.sign_in.rules import (
    Asking,
    NetworkSeen,
    Opens,
    Paper,
    Refused,
    TerminalSeen,
    decide,
    refusals,
)
from services.identity.sign_in.throttling_rules import LIMITS, Count, after_failure, wait_minutes
from services.identity.vetting.rules import Clearance, expired_on, level_held, may_hold

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)  # noqa: UP017 - the rule is under test, not the alias
DAY = timedelta(days=1)
CLEARED = Clearance(2, TODAY - 100 * DAY, TODAY + 100 * DAY)
SIGNED = Paper("1", "SyOPs", signed=True)
WHOLE = Asking(
    name="Ann Ash",
    agency="prison-service",
    agency_kind="prison",
    account_state="active",
    disabled_reason=None,
    clearances=(CLEARED,),
    trained=True,
    syops=SIGNED,
    terminal=TerminalSeen("prison-WSI", approved=True),
    network=NetworkSeen("prison-WSI", "prison-service", "prison", wifi=False),
    secure_office=True,
    prisons=frozenset({"prison-WSI"}),
)
# In the catalogue's order: each way in which one thing alone is amiss.
AMISS: list[tuple[str, dict[str, Any]]] = [
    ("R01", {"clearances": ()}),
    ("R04", {"trained": False}),
    ("R06", {"syops": replace(SIGNED, signed=False)}),
    ("R08", {"account_state": "disabled", "disabled_reason": "suspended"}),
    ("R09", {"terminal": None}),
    ("R10", {"network": None}),
]


def codes(asking: Asking, today: date = TODAY) -> list[str]:
    return [each.code for each in refusals(asking, today)]


def test_a_whole_person_in_the_right_place_gets_a_full_session() -> None:
    assert decide(WHOLE, TODAY) == Opens("full")


@pytest.mark.clause("PF-6.1.1", "PF-6.2.1", "PF-6.3", "PF-6.4.1", "PF-6.6.1")
def test_whatever_is_amiss_is_named_in_the_order_of_the_catalogue() -> None:
    for chosen in product((False, True), repeat=len(AMISS)):
        wrong = [one for one, taken in zip(AMISS, chosen, strict=True) if taken]
        asking = WHOLE
        for _code, change in wrong:
            asking = replace(asking, **change)
        assert codes(asking) == [code for code, _change in wrong]
        decision = decide(asking, TODAY)
        if [code for code, _change in wrong] == ["R06"]:
            assert decision == Opens("onboarding")
        elif wrong:
            assert isinstance(decision, Refused)
            assert decision.code == wrong[0][0]


@pytest.mark.clause("PF-4.16/A.2")
@pytest.mark.parametrize(("days", "found"), [(-1, []), (0, ["R02"]), (1, ["R02"])])
def test_vetting_ends_on_the_day_it_expires(days: int, found: list[str]) -> None:
    assert codes(WHOLE, CLEARED.expires_on + days * DAY) == found


@pytest.mark.clause("PF-6.1.1")
@pytest.mark.parametrize(("days", "found"), [(-1, ["R01"]), (0, [])])
def test_vetting_begins_on_the_day_it_is_cleared(days: int, found: list[str]) -> None:
    assert codes(WHOLE, CLEARED.cleared_on + days * DAY) == found


@pytest.mark.clause("PF-4.16/A.1", "PF-6.1.2")
@pytest.mark.parametrize(
    ("change", "code"), [({"revoked": True}, "R01"), ({"authorised": False}, "R01"), ({"level": 0}, "R03")]
)
def test_revoked_unauthorised_and_too_low_vetting_is_none(change: dict[str, Any], code: str) -> None:
    assert codes(replace(WHOLE, clearances=(replace(CLEARED, **change),))) == [code]


def test_an_older_clearance_that_ran_out_does_not_hide_a_current_one() -> None:
    old = Clearance(3, TODAY - 900 * DAY, TODAY - DAY)
    assert expired_on((old, CLEARED), TODAY) is None
    assert level_held((old, CLEARED), TODAY) == 2


@pytest.mark.clause("PF-6.1.3", "PF-7/ViSOR Administrative access.1")
def test_three_tokens_need_level_three() -> None:
    held_at_two = {
        token for token in ("partner", "lpc", "cpc", "central_support", "admin") if may_hold(token, 2)
    }
    assert held_at_two == {"partner", "lpc"}
    assert all(may_hold(token, 3) for token in ("cpc", "central_support", "admin"))


@pytest.mark.clause("PF-4.16/D.1")
@pytest.mark.parametrize(("days", "found"), [(27, []), (28, []), (29, ["R07"])])
def test_a_changed_document_may_stay_unsigned_until_its_grace_ends(days: int, found: list[str]) -> None:
    changed = Paper("2", "SyOPs", signed=False, changed_on=TODAY, grace_ends=TODAY + 28 * DAY)
    asking = replace(WHOLE, syops=changed, clearances=(replace(CLEARED, expires_on=date(2030, 1, 1)),))
    assert codes(asking, TODAY + days * DAY) == found


@pytest.mark.clause("PF-6.6.1", "PF-6.6.3", "PF-6.6.4")
@pytest.mark.parametrize(
    ("kind", "network", "secure_office", "allowed"),
    [
        ("probation", ("pdu-N55LEE", "probation-service", "probation", False), True, True),
        ("probation", ("pdu-N55LEE", "probation-service", "probation", False), False, False),
        ("probation", ("pdu-N55LEE", "probation-service", "probation", True), True, False),
        ("probation", ("force-13", "police-13", "police", False), True, False),
        ("prison", ("prison-PVI", "prison-service", "prison", False), True, False),
        ("police", ("force-13", "police-13", "police", False), False, True),
        ("police", ("force-14", "police-14", "police", False), True, False),
        ("police", ("force-13", "police-13", "police", True), True, False),
    ],
)
def test_the_network_is_the_agencys_own_lan(
    kind: str, network: tuple[str, str, str, bool], secure_office: bool, allowed: bool
) -> None:
    agency = {"probation": "probation-service", "prison": "prison-service", "police": "police-13"}[kind]
    asking = replace(
        WHOLE, agency=agency, agency_kind=kind, network=NetworkSeen(*network), secure_office=secure_office
    )
    assert ("R10" not in codes(asking)) is allowed


@given(st.integers(0, 10**9), st.integers(-3, 3))
def test_a_code_counts_within_a_step_of_its_own_and_only_once(second: int, steps: int) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    made = datetime.fromtimestamp(second + 1_600_000_000, timezone.utc)  # noqa: UP017
    sent = made + timedelta(seconds=steps * STEP_SECONDS)
    own = int(made.timestamp()) // STEP_SECONDS
    found = step_of(secret, code_at(secret, made), sent, last_step=0)
    if abs(steps) <= 1:
        assert found == own
        assert step_of(secret, code_at(secret, made), sent, last_step=own) is None
    elif found is not None:
        assert found != own  # two steps can share six digits


def test_every_account_gets_a_secret_of_its_own() -> None:
    assert len({new_secret() for _ in range(20)}) == 20


@pytest.mark.parametrize("kind", list(LIMITS))
def test_waiting_begins_at_the_limit_and_the_window_forgets(kind: str) -> None:
    count: Count | None = None
    for number in range(1, LIMITS[kind].failures + 1):
        count = after_failure(kind, count, NOW)
        assert (count.blocked_until is not None) is (number == LIMITS[kind].failures)
    assert count is not None
    wait = LIMITS[kind].wait
    assert wait_minutes(count.blocked_until, NOW + wait - timedelta(seconds=1)) == 1
    assert wait_minutes(count.blocked_until, NOW + wait) == 0
    assert after_failure(kind, count, NOW + LIMITS[kind].window + timedelta(minutes=1)).failures == 1


@pytest.mark.parametrize(
    ("seen", "now", "over"),
    [
        (0, timedelta(minutes=15) - timedelta(seconds=1), False),
        (0, timedelta(minutes=15), True),
        (14, timedelta(minutes=28), False),
    ],
)
def test_a_session_ends_unused(seen: int, now: timedelta, over: bool) -> None:
    times = Times(NOW, NOW + timedelta(minutes=seen), None)
    limits = Limits(idle=timedelta(minutes=15), longest=timedelta(hours=12))
    assert is_over(times, limits, NOW + now) is over
    assert is_over(replace(times, ended_at=NOW), limits, NOW)


@pytest.mark.parametrize(("hours", "over"), [(11.99, False), (12, True), (13, True)])
def test_however_busy_a_session_lasts_twelve_hours(hours: float, over: bool) -> None:
    now = NOW + timedelta(hours=hours)
    limits = Limits(idle=timedelta(minutes=15), longest=timedelta(hours=12))
    assert is_over(Times(NOW, now, None), limits, now) is over
