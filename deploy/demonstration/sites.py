"""Terminals and networks from which the invented users sign in; all addresses are private ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network

from shared.reference.estate import Unit, estate_units

_ALL = IPv4Network("10.64.0.0/10")
_ROOMS = ("Offender Management Unit", "Security Department")


@dataclass(frozen=True, slots=True)
class InventedTerminal:
    """`status` is approved, or assessed for one that still waits for the CPC."""

    asset_tag: str
    unit: str
    room: str
    status: str


@dataclass(frozen=True, slots=True)
class InventedNetwork:
    """`kind` is lan or wifi; `building` what it serves."""

    unit: str
    building: str
    range: IPv4Network
    kind: str


def terminals() -> Iterator[InventedTerminal]:
    """Two approved ones in each prison, and one that nobody has approved yet (R09); one in each group's office."""
    for unit in estate_units():
        if unit.kind == "prison":
            code = unit.code.removeprefix("prison-")
            for number, room in enumerate(_ROOMS, start=1):
                yield InventedTerminal(f"DEMO-{code}-{number:02}", unit.code, room, "approved")
            yield InventedTerminal(f"DEMO-{code}-09", unit.code, "Visits Hall", "assessed")
        elif unit.kind == "prison_group":
            code = unit.code.removeprefix("group-")
            yield InventedTerminal(f"DEMO-GROUP-{code}", unit.code, "Group Office", "approved")


def networks() -> Iterator[InventedNetwork]:
    """A cable network for each unit's building, and beside it a wireless one (R10)."""
    ranges = _ALL.subnets(new_prefix=24)
    for unit in estate_units():
        for kind in ("lan", "wifi"):
            yield InventedNetwork(unit.code, _building(unit), next(ranges), kind)


def _building(unit: Unit) -> str:
    if unit.agency == "probation-service":
        return f"{unit.name} probation office"
    return f"{unit.name} group office" if unit.kind == "prison_group" else unit.name
