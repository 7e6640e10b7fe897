"""Who may do what with a terminal, at the edges; the checklist; how far an assurance has come."""

from __future__ import annotations

from datetime import date

import pytest

from services.identity.terminals.checklist import answers, every_item, items, not_met, standards
from services.identity.terminals.rules import (
    CHOSEN,
    KEY_GOES,
    WITHDRAWN,
    Assessed,
    Standing,
    why_not_approve,
    why_not_assess,
    why_not_look_after,
    why_not_vouch,
)

TODAY = date(2026, 3, 2)
CPC, LEAD, LPC, NOBODY = Standing(cpc=True), Standing(lead=True), Standing(lpc=True), Standing()
GOOD = Assessed()


def code(refused: object) -> str | None:
    return getattr(refused, "code", None)


@pytest.mark.clause("PF-6.5.1")
def test_the_lead_may_assess_on_behalf_of_the_cpc_and_nobody_else() -> None:
    given = [code(why_not_look_after(who)) for who in (CPC, LEAD, LPC, NOBODY)]
    assert given == [None, None, "R11", "R11"]


@pytest.mark.clause("PF-6.5.2")
def test_only_the_cpc_approves_whatever_the_state_of_the_terminal() -> None:
    for assessed in (GOOD, None, Assessed(not_met=["x"]), Assessed(own=True)):
        assert {code(why_not_approve(who, assessed)) for who in (LEAD, LPC, NOBODY)} == {"R24"}
    assert why_not_approve(CPC, GOOD) is None


@pytest.mark.clause("PF-6.4.2", "PF-6.4.3")
def test_nothing_is_approved_unassessed_or_with_a_requirement_not_met() -> None:
    assert code(why_not_approve(CPC, None)) == "R39"
    refused = why_not_approve(CPC, Assessed(not_met=["The room is locked"]))
    assert refused is not None
    assert (refused.code, "The room is locked" in refused.fills["why"]) == ("R39", True)


@pytest.mark.clause("PF-5.10.3")
def test_a_cpc_who_assessed_needs_the_lead_beside_them() -> None:
    assert code(why_not_approve(CPC, Assessed(own=True))) == "R23"
    assert why_not_approve(CPC, Assessed(own=True, vouched_by_another=True)) is None
    # What is wrong with the terminal comes before what is wrong with the person.
    assert code(why_not_approve(CPC, Assessed(own=True, not_met=["x"]))) == "R39"


@pytest.mark.clause("PSI-5.3.8.2")
def test_a_terminal_that_moved_needs_the_it_manager_and_the_cpc() -> None:
    assert code(why_not_approve(CPC, Assessed(moved=True))) == "R39"
    assert why_not_approve(CPC, Assessed(moved=True, it_signed=True)) is None
    assert code(why_not_approve(LEAD, Assessed(moved=True, it_signed=True))) == "R24"


@pytest.mark.clause("PF-7/ViSOR Lead.4")
def test_who_assures_is_on_the_spot() -> None:
    assert [code(why_not_vouch(who)) for who in (LEAD, LPC, CPC, NOBODY)] == [None, None, "R32", "R32"]


@pytest.mark.parametrize(
    ("status", "reason", "waiting", "may"),
    [
        ("registered", None, False, True),
        ("withdrawn", "moved", False, True),
        ("withdrawn", "lost", False, True),
        ("withdrawn", "retired", False, False),
        ("assessed", None, True, False),
        ("approved", None, False, False),
    ],
)
def test_when_an_assessment_may_be_done(status: str, reason: str | None, waiting: bool, may: bool) -> None:
    assert (why_not_assess(status, reason, waiting) is None) is may


def test_the_codes_of_withdrawal_have_their_words() -> None:
    assert set(CHOSEN) | KEY_GOES <= WITHDRAWN.keys()
    assert "moved" not in CHOSEN


@pytest.mark.clause("PF-6.4.3", "PSI-5.3.8.1")
def test_the_checklist_is_data_and_each_item_says_where_it_comes_from() -> None:
    assert all(item.clause and item.syops and item.text for item in every_item())
    assert len({item.code for item in every_item()}) == len(every_item())
    assert {"syops", "psi-23-2008", "pso-9020"} <= {one.code for one in standards()}
    asked = {item.code for item in items(TODAY)}
    given = answers(sorted(asked)[:-1], TODAY)
    assert given.keys() == asked
    assert len(not_met(given)) == 1
    assert not_met(answers(asked, TODAY)) == []
