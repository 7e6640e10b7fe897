"""Who may partner in bulk, and how far their area reaches."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.records.bulk_partner.rules import halves, own_areas, within
from shared.access.principal import Principal, grants
from shared.ids import new_id

LEEDS = ("pdu-N55LEE", "area-53", "region-N55", "home-office")
KINDS = {
    "pdu-N55LEE": "delivery_unit",
    "area-53": "mappa_area",
    "region-N55": "region",
    "home-office": "national",
}


def person(*tokens: tuple[str, str], deputy_for: tuple[str, ...] = ()) -> Principal:
    return Principal(
        person_id=new_id(),
        issuer="visor",
        session_id=new_id(),
        auth_time=datetime(2026, 4, 1, tzinfo=UTC),
        agency="probation-service",
        agency_kind="probation",
        unit=LEEDS[0],
        areas=LEEDS,
        tokens=grants(tokens),
        deputy_for=frozenset(deputy_for),
    )


@pytest.mark.clause("PF-7/Bulk Partner.2")
@pytest.mark.parametrize(
    ("tokens", "areas"),
    [
        ((), set()),
        ((("partner", LEEDS[0]), ("manager", LEEDS[0]), ("supervisor", LEEDS[0]), ("lpc", LEEDS[0])), set()),
        ((("admin", "home-office"),), set()),
        ((("cpc", "area-53"),), {"area-53"}),
        ((("cpc", "area-53"), ("cpc", "area-56")), {"area-53", "area-56"}),
        # Central Support reaches the area above the unit it is held for, and never the whole region.
        ((("central_support", LEEDS[0]),), {LEEDS[0], "area-53"}),
        ((("central_support", "area-53"),), {"area-53"}),
        # Held for a unit that is not one's own, it reaches no further.
        ((("central_support", "pdu-N58HUL"),), {"pdu-N58HUL"}),
    ],
)
def test_whose_area_is_whose(tokens: tuple[tuple[str, str], ...], areas: set[str]) -> None:
    assert own_areas(person(*tokens), KINDS) == areas


@pytest.mark.clause("PF-7/LPC.2")
def test_a_deputy_acts_for_the_area_of_the_absent_cpc() -> None:
    assert own_areas(person(("lpc", LEEDS[0]), deputy_for=("area-53",)), KINDS) == {"area-53"}


@pytest.mark.clause("PF-7/CPC Prison.2", "PF-7/Bulk Partner.2")
def test_a_user_is_within_where_an_area_is_above_or_is_the_users_own_unit() -> None:
    assert within({"area-53"}, LEEDS)
    assert within({LEEDS[0]}, LEEDS)
    assert not within({"area-56"}, LEEDS)
    assert not within(set(), LEEDS)
    assert not within({"area-53"}, ())


@given(st.lists(st.integers(), min_size=2))
def test_halves_lose_nothing_and_both_are_smaller(items: list[int]) -> None:
    first, second = halves(items)
    assert [*first, *second] == items
    assert len(first) < len(items)
    assert len(second) < len(items)
