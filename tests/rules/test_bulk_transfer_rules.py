"""What keeps a record from going along, and who may ask."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.records.bulk_transfer.rules import Going, Way, answers_for, may_answer, taken_already, why_not
from tests.servers.records import principal

READY = Going("live", "2", True, False, True, (0, 0, 0, 0), False, False)
WITHIN = Way("probation", "probation", "ENG")


@pytest.mark.clause("PF-4.16f")
@pytest.mark.parametrize(
    ("going", "way", "why"),
    [
        (READY, WITHIN, []),
        (replace(READY, duties=(1, 0, 2, 0)), WITHIN, ["requests", "needs"]),
        (replace(READY, duties=(0, 1, 0, 1)), WITHIN, ["minutes", "unsigned"]),
        (replace(READY, open_transfer=True, limited=True), WITHIN, ["transfer", "limited"]),
        (replace(READY, listed=True), WITHIN, ["listed"]),
        (replace(READY, listed=True, here=False), WITHIN, ["elsewhere"]),
        (replace(READY, here=False, duties=(1, 1, 1, 1)), WITHIN, ["elsewhere"]),
        (replace(READY, status="archived", here=False), WITHIN, ["archived"]),
        (READY, Way("probation", "police", "ENG"), ["owner"]),
        (READY, Way("probation", "police", "SCT"), ["category"]),
        (replace(READY, category="1"), Way("probation", "police", "ENG"), ["termination"]),
        (replace(READY, category="1", has_termination=True), Way("probation", "police", "ENG"), []),
    ],
)
def test_what_keeps_a_record(going: Going, way: Way, why: list[str]) -> None:
    assert why_not(going, way) == why


@pytest.mark.clause("PF-4.16f", "PF-7/CPC Prison.2")
def test_only_a_cpc_or_her_deputy_answers() -> None:
    assert answers_for(principal("area-53", "cpc")) == {"area-53"}
    assert may_answer(principal("pdu-N55LEE", "lpc", deputy_for=("area-53",)), "area-53") is None
    assert may_answer(principal("pdu-N55LEE", "central_support"), "area-53") == "R11"
    assert may_answer(principal("area-54", "cpc"), "area-53") == "R11"
    assert may_answer(principal("group-YRKS", "cpc"), "group-YRKS") == "R30"


@pytest.mark.clause("PF-4.16f")
@pytest.mark.parametrize(
    ("taken", "chosen", "begins"),
    [(3, 3, "These records are on"), (1, 3, "1 of these records is on"), (2, 3, "2 of these records are on")],
)
def test_how_many_wait_for_another_is_said(taken: int, chosen: int, begins: str) -> None:
    assert taken_already(taken, chosen).startswith(begins)
