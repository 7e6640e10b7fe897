"""Who audits log-ons where, who signs, and which month is due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.identity.log_on_audit.rules import (
    Standing,
    is_absent,
    may_audit,
    prepares_for,
    previous_month,
    standing,
    why_not_sign,
    wrong_period,
)

TODAY = date(2026, 3, 2)
CHAIN = frozenset({"pdu-N55LEE", "area-53", "region-N55"})
NONE: frozenset[str] = frozenset()


@pytest.mark.clause("PF-4.16o.1", "PF-7/Central Support Token.3")
@pytest.mark.parametrize(
    ("cpc", "central_support", "lpc", "may"),
    [
        ({"area-53"}, NONE, NONE, True),
        ({"area-52"}, NONE, NONE, False),
        (NONE, {"area-53"}, NONE, True),
        (NONE, NONE, {"pdu-N55LEE"}, True),
        (NONE, NONE, {"pdu-N55BRA"}, False),
        (NONE, NONE, NONE, False),
    ],
)
def test_who_audits_a_unit(cpc: set[str], central_support: set[str], lpc: set[str], may: bool) -> None:
    who = standing(CHAIN, "pdu-N55LEE", cpc=cpc, central_support=central_support, lpc=lpc)
    assert may_audit(who) is may


def test_an_lpc_audits_no_area() -> None:
    who = standing(frozenset({"area-53"}), "area-53", cpc=NONE, central_support=NONE, lpc={"pdu-N55LEE"})
    assert not may_audit(who)


@pytest.mark.clause("PF-4.16o.2")
@pytest.mark.parametrize(
    ("who", "own", "code"),
    [
        (Standing(cpc=True), True, None),
        (Standing(cpc=True), False, None),
        (Standing(central_support=True), True, "R23"),
        (Standing(central_support=True), False, None),
        (Standing(lpc=True), True, "R24"),
        (Standing(lpc=True), False, "R24"),
    ],
)
def test_another_or_the_cpc_signs(who: Standing, own: bool, code: str | None) -> None:
    assert why_not_sign(who, own=own) == code


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [
        (TODAY, TODAY, False),
        (TODAY, TODAY - timedelta(days=1), True),
        (TODAY, TODAY + timedelta(days=1), True),
        (TODAY - timedelta(days=366), TODAY, False),
        (TODAY - timedelta(days=367), TODAY, True),
    ],
)
def test_the_period_is_past_and_a_year_at_most(first: date, last: date, wrong: bool) -> None:
    assert bool(wrong_period(first, last, TODAY)) is wrong


@pytest.mark.clause("PF-5.10.6")
def test_the_month_before_is_audited() -> None:
    assert previous_month(TODAY) == (date(2026, 2, 1), date(2026, 2, 28))
    assert previous_month(date(2026, 1, 31)) == (date(2025, 12, 1), date(2025, 12, 31))


@pytest.mark.clause("PI-3.10.2")
def test_thirty_days_are_not_yet_too_long() -> None:
    assert not is_absent(TODAY - timedelta(days=30), TODAY, 30)
    assert is_absent(TODAY - timedelta(days=31), TODAY, 30)


@pytest.mark.clause("PF-4.37.1")
def test_a_log_on_of_the_day_before_or_of_the_day_prepares_for_a_supervision() -> None:
    assert [prepares_for(TODAY + timedelta(days=n), TODAY) for n in (-1, 0, 1, 2)] == [
        True,
        True,
        True,
        False,
    ]
