"""Which addresses a building's network may have."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from services.identity.buildings.rules import Registered, clash, parse

HERE = Registered(ip_network("10.1.0.0/16"), "Leeds House", "pdu-N55LEE")
V6 = Registered(ip_network("2001:db8::/48"), "Leeds House", "pdu-N55LEE")


@pytest.mark.parametrize("text", ["10.1.2.0/24", " 10.1.2.7/32 ", "2001:db8:1::/48", "10.0.0.0/8"])
def test_what_is_a_network(text: str) -> None:
    assert str(parse(text)) == text.strip()


@pytest.mark.parametrize(
    "text",
    ["", "10.1.2.3/24", "10.1.2.0/33", "10.1.2", "0.0.0.0/0", "11.0.0.0/7", "224.0.0.0/16", "2001::/16", "x"],
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse(text)


@pytest.mark.parametrize(
    ("wanted", "building", "clashes"),
    [
        ("10.1.5.0/24", ("pdu-N55LEE", "Leeds House"), False),
        ("10.1.0.0/16", ("pdu-N55LEE", "Leeds House"), True),
        ("10.1.5.0/24", ("pdu-N55LEE", "Another"), True),
        ("10.1.5.0/24", ("area-53", "Leeds House"), True),
        ("10.0.0.0/8", ("area-53", "Another"), True),
        ("10.2.0.0/16", ("area-53", "Another"), False),
        ("2001:db8:0:1::/64", ("area-53", "Another"), True),
    ],
)
def test_ranges_overlap_within_one_building_only(
    wanted: str, building: tuple[str, str], clashes: bool
) -> None:
    assert (clash(parse(wanted), building, [HERE, V6]) is not None) is clashes
