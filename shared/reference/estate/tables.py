"""Typed rows of the tables in this folder, as they stand there; codes are without a prefix."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from shared.reference.tables import rows

_HERE = "shared.reference.estate"


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    name: str
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class MappaArea:
    """`force` and `region` are codes in the tables of forces and regions."""

    code: str
    name: str
    force: str
    region: str
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class DeliveryUnit:
    """`area` is None for a unit that serves a region of several areas."""

    code: str
    name: str
    region: str
    area: str | None
    territorial: bool


@dataclass(frozen=True, slots=True)
class PrisonGroup:
    code: str
    name: str
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class Prison:
    """`group_confirmed` is False where the group is a proposal."""

    code: str
    name: str
    type: str
    category: str
    operator: str
    group: str
    group_confirmed: bool
    jurisdiction: str

    @property
    def contracted(self) -> bool:
        """A Director, not a Governor, is in charge (PF-0.4.2)."""
        return self.operator != "PSP"


@dataclass(frozen=True, slots=True)
class Force:
    """`area` is the MAPPA area served; None for Scotland, Northern Ireland and the forces of the whole country."""

    code: str
    name: str
    area: str | None
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class NationalBody:
    code: str
    name: str
    kind: str
    jurisdiction: str


@cache
def regions() -> tuple[Region, ...]:
    return tuple(Region(**row) for row in rows(_HERE, "regions.csv"))


@cache
def mappa_areas() -> tuple[MappaArea, ...]:
    return tuple(MappaArea(**row) for row in rows(_HERE, "mappa_areas.csv"))


@cache
def delivery_units() -> tuple[DeliveryUnit, ...]:
    return tuple(
        DeliveryUnit(
            row["code"], row["name"], row["region"], row["area"] or None, row["territorial"] == "yes"
        )
        for row in rows(_HERE, "delivery_units.csv")
    )


@cache
def prison_groups() -> tuple[PrisonGroup, ...]:
    return tuple(PrisonGroup(**row) for row in rows(_HERE, "prison_groups.csv"))


@cache
def prisons() -> tuple[Prison, ...]:
    return tuple(
        Prison(
            code=row["code"],
            name=row["name"],
            type=row["type"],
            category=row["category"],
            operator=row["operator"],
            group=row["group"],
            group_confirmed=row["group_confirmed"] == "yes",
            jurisdiction=row["jurisdiction"],
        )
        for row in rows(_HERE, "prisons.csv")
    )


@cache
def forces() -> tuple[Force, ...]:
    return tuple(
        Force(row["code"], row["name"], row["area"] or None, row["jurisdiction"])
        for row in rows(_HERE, "forces.csv")
    )


@cache
def national_bodies() -> tuple[NationalBody, ...]:
    return tuple(NationalBody(**row) for row in rows(_HERE, "national.csv"))
