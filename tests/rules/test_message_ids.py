"""A message's id is the one that any other program would make of its fact and agency (RFC 9562, version 5)."""

from __future__ import annotations

from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from shared.events.envelope import message_id


@given(st.uuids(), st.text())
def test_it_is_the_name_based_uuid_of_the_agency_within_the_fact(fact: UUID, agency: str) -> None:
    assert message_id(fact, agency) == uuid5(fact, agency)
