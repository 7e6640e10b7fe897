"""The estate hangs together: every code is met once, every parent exists, every area is served."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from shared.reference.estate import (
    agencies,
    delivery_units,
    estate_units,
    forces,
    mappa_areas,
    prison_groups,
    prisons,
    regions,
    units_by_code,
)


def test_the_estate_has_the_published_size() -> None:
    kinds = Counter(unit.kind for unit in estate_units())
    assert kinds == {
        "region": 12,
        "mappa_area": 42,
        "delivery_unit": 120,
        "prison_group": 20,
        "prison": 125,
        "force": 48,
        "national": 3,
    }
    assert sum(unit.territorial for unit in delivery_units()) == 108


def test_no_two_units_share_a_code_and_no_two_agencies_do() -> None:
    assert len(units_by_code()) == len(estate_units())
    assert len({agency.code for agency in agencies()}) == len(agencies())


def test_every_unit_comes_after_its_parent_and_belongs_to_a_known_agency() -> None:
    seen: set[str] = set()
    known = {agency.code for agency in agencies()}
    for unit in estate_units():
        assert unit.parent is None or unit.parent in seen, unit
        assert unit.agency in known, unit
        assert unit.jurisdiction in {"ENG", "WLS", "SCT", "NIR"}, unit
        seen.add(unit.code)


def test_codes_have_the_shape_that_scopes_and_routing_keys_rely_on() -> None:
    for code in (*units_by_code(), *(agency.code for agency in agencies())):
        assert re.fullmatch(r"[a-z]+(-[A-Za-z0-9]+)?", code), code


@pytest.mark.clause("PF-7/LPC.1")
def test_a_delivery_unit_lies_in_an_area_of_its_own_region() -> None:
    region_of = {area.code: area.region for area in mappa_areas()}
    for unit in delivery_units():
        assert unit.area is None or region_of[unit.area] == unit.region, unit
        assert unit.area is not None or not unit.territorial, unit


def test_every_area_has_a_delivery_unit_a_force_and_a_region() -> None:
    with_unit = {unit.area for unit in delivery_units() if unit.territorial}
    assert with_unit == {area.code for area in mappa_areas()}
    assert {area.region for area in mappa_areas()} == {region.code for region in regions()}
    force_area = {force.code: force.area for force in forces()}
    assert all(force_area[area.force] == area.code for area in mappa_areas())


@pytest.mark.clause("PF-5.4")
def test_every_prison_has_a_group_and_every_group_a_prison() -> None:
    assert {prison.group for prison in prisons()} == {group.code for group in prison_groups()}


def test_wales_is_four_areas_with_their_forces_and_seven_establishments() -> None:
    assert {area.name for area in mappa_areas() if area.jurisdiction == "WLS"} == {
        "Dyfed - Powys",
        "Gwent",
        "North Wales",
        "South Wales",
    }
    assert Counter(force.jurisdiction for force in forces())["WLS"] == 4
    assert Counter(prison.jurisdiction for prison in prisons())["WLS"] == 7


def test_the_units_of_west_yorkshire_and_wormwood_scrubs() -> None:
    units = units_by_code()
    assert units["pdu-N55LEE"].parent == "area-53"
    assert units["area-53"].parent == "region-N55"
    assert units["area-53"].agency == "probation-service"
    assert units["prison-WSI"].parent == "group-LNDN"
    assert units["prison-WSI"].agency == "prison-service"
    assert units["force-13"].agency == "police-13"
    assert units["force-scotland"].jurisdiction == "SCT"


@pytest.mark.clause("PF-0.4.2")
def test_contracted_prisons_are_told_apart() -> None:
    by_code = {prison.code: prison for prison in prisons()}
    assert by_code["ACI"].contracted
    assert not by_code["WSI"].contracted
