"""Who can be made partner, and which request can still be decided."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.records.partnership.rules import can_be_decided, still_to_partner

PEOPLE = st.sets(st.uuids(), max_size=8)


@pytest.mark.clause("PF-5.13.3")
@given(asked=PEOPLE, partners=PEOPLE)
def test_everybody_asked_for_who_is_no_partner_yet(asked: set[object], partners: set[object]) -> None:
    wanted = still_to_partner(asked, partners)  # type: ignore[arg-type]
    assert wanted | (asked & partners) == asked
    assert not wanted & partners


@pytest.mark.clause("PF-4.25.2")
@pytest.mark.parametrize(
    ("state", "open_still"), [("requested", True), ("granted", False), ("refused", False)]
)
def test_a_request_is_decided_once(state: str, open_still: bool) -> None:
    assert can_be_decided(state) is open_still
