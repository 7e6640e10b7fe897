"""The estate as the suite's units and agencies: one tree of units, each belonging to one agency.

Probation: region > MAPPA area > delivery unit (PF-7/LPC.1). Prisons: group > prison. A police force stands alone and
is its own agency, since each owns the records of its area (PF-7/nominal record owner.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from shared.reference.estate import tables

PROBATION, PRISON = "probation-service", "prison-service"


@dataclass(frozen=True, slots=True)
class Agency:
    """`kind` is police, probation, prison, national or other."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Unit:
    """`kind` is region, mappa_area, delivery_unit, prison_group, prison, force or national; `parent` a unit's code."""

    code: str
    name: str
    kind: str
    parent: str | None
    agency: str
    jurisdiction: str


@cache
def agencies() -> tuple[Agency, ...]:
    return (
        Agency(PROBATION, "Probation Service", "probation"),
        Agency(PRISON, "HM Prison Service", "prison"),
        *(Agency(f"police-{force.code}", force.name, "police") for force in tables.forces()),
        *(Agency(body.code, body.name, body.kind) for body in tables.national_bodies()),
    )


@cache
def estate_units() -> tuple[Unit, ...]:
    """Parents come before their children."""
    return (*_probation(), *_prisons(), *_police(), *_national())


@cache
def units_by_code() -> Mapping[str, Unit]:
    return MappingProxyType({unit.code: unit for unit in estate_units()})


def _probation() -> Iterator[Unit]:
    jurisdiction = {region.code: region.jurisdiction for region in tables.regions()}
    for region in tables.regions():
        yield Unit(f"region-{region.code}", region.name, "region", None, PROBATION, region.jurisdiction)
    for area in tables.mappa_areas():
        yield Unit(
            f"area-{area.code}",
            area.name,
            "mappa_area",
            f"region-{area.region}",
            PROBATION,
            area.jurisdiction,
        )
    for unit in tables.delivery_units():
        parent = f"area-{unit.area}" if unit.area else f"region-{unit.region}"
        yield Unit(
            f"pdu-{unit.code}", unit.name, "delivery_unit", parent, PROBATION, jurisdiction[unit.region]
        )


def _prisons() -> Iterator[Unit]:
    for group in tables.prison_groups():
        yield Unit(f"group-{group.code}", group.name, "prison_group", None, PRISON, group.jurisdiction)
    for prison in tables.prisons():
        yield Unit(
            f"prison-{prison.code}",
            prison.name,
            "prison",
            f"group-{prison.group}",
            PRISON,
            prison.jurisdiction,
        )


def _police() -> Iterator[Unit]:
    for force in tables.forces():
        yield Unit(
            f"force-{force.code}", force.name, "force", None, f"police-{force.code}", force.jurisdiction
        )


def _national() -> Iterator[Unit]:
    for body in tables.national_bodies():
        yield Unit(body.code, body.name, "national", None, body.code, body.jurisdiction)
