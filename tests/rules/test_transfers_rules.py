"""Which step follows which, where a record may go, and in which category."""

from __future__ import annotations

import pytest

from services.records.transfers import rules
from tests.servers.records import principal


@pytest.mark.clause("PF-4.16k.2")
def test_what_is_over_stays_over() -> None:
    for over in ("refused", "withdrawn", "completed"):
        assert not any(rules.may_follow(over, state) for state in rules.STATES)
    for state in rules.OPEN:
        assert rules.may_follow(state, "completed")
        assert rules.may_follow(state, "withdrawn")
    assert not rules.may_follow("seen", "requested")


@pytest.mark.clause("SC-17.3.2", "SC-17.4.6")
@pytest.mark.parametrize(
    ("category", "there", "proposed"),
    [
        ("1", "SCT", "RSO"),
        ("3", "SCT", "ORSH"),
        ("2", "SCT", None),  # north of the border some are RSO, some ORSH: people decide
        ("RSO", "ENG", "1"),
        ("ORSH", "WLS", "3"),
        ("RP", "ENG", None),
        ("2", "WLS", "2"),
        ("PDP", "SCT", "PDP"),
    ],
)
def test_categories_across_the_border(category: str, there: str, proposed: str | None) -> None:
    assert rules.proposed_category(category, there) == proposed


@pytest.mark.parametrize(
    ("category", "kind", "supervised", "owner"),
    [
        ("2", "probation", True, None),
        ("2", "police", True, "the Probation Service"),
        ("1", "probation", True, "the police"),
        ("3", "police", False, None),
        ("3", "police", True, "the Probation Service"),
    ],
)
def test_who_may_own_it_there(category: str, kind: str, supervised: bool, owner: str | None) -> None:
    assert rules.wrong_owner(category, kind, supervised=supervised) == owner


@pytest.mark.clause("PF-4.28.1", "PF-4.28.3")
def test_only_category_1_that_goes_from_probation_to_the_police_needs_its_termination_oasys() -> None:
    assert rules.needs_termination("1", "police", "probation")
    assert not rules.needs_termination("1", "police", "police")
    assert not rules.needs_termination("3", "police", "probation")
    assert not rules.needs_termination("1", "probation", "probation")


@pytest.mark.clause("PF-7/CPC Probation.5b", "PF-7/Central Support.5")
def test_who_may_answer() -> None:
    assert rules.may_answer(principal("area-53", "cpc"), "area-53") is None
    assert rules.may_answer(principal("pdu-N55LEE", "central_support"), "area-53") is None
    assert rules.may_answer(principal("pdu-N55LEE", "lpc", deputy_for=("area-53",)), "area-53") is None
    assert rules.may_answer(principal("area-53", "cpc"), "area-54") == "R11"
    assert rules.may_answer(principal("pdu-N55LEE", "manager", "lpc"), "area-53") == "R11"
    assert rules.may_answer(principal("group-YRKS", "cpc"), "area-53") == "R30"


@pytest.mark.clause("SC-17.3.2")
def test_only_across_the_border_is_the_category_confirmed_by_both() -> None:
    assert rules.crosses_border("ENG", "SCT")
    assert rules.crosses_border("SCT", "WLS")
    assert not rules.crosses_border("ENG", "WLS")
    assert rules.wrong_confirmation("RSO", None, crosses=True)
    assert rules.wrong_confirmation("RSO", "ORSH", crosses=True)
    assert rules.wrong_confirmation("2", "3", crosses=False)
    assert rules.wrong_confirmation("RSO", "RSO", crosses=True) is None
    assert rules.wrong_confirmation("2", None, crosses=False) is None
