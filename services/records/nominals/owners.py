"""Which unit and agency a record belongs to, from the unit that manages the person."""

from __future__ import annotations

from dataclasses import dataclass

from shared.directory import read_model
from shared.reference.estate import agencies, mappa_areas
from shared.refusals import Invalid
from shared.work import Work

# Whose the record is: the area above the managing unit, or the force or body (PF-7/nominal record owner).
_OWNING_KINDS = {"probation": ("mappa_area",), "police": ("force", "national")}


@dataclass(frozen=True)
class Place:
    """The managing unit, and the owner above it."""

    managing_unit: str
    owner_unit: str
    owner_agency: str
    jurisdiction: str


def place_of(work: Work, managing_unit: str | None, *, field: str = "managing_unit") -> Place:
    """Raises Invalid for a unit that is unknown, of another agency, or under no owner.

    Without a managing unit the principal's own is meant, as a police force usually is.
    """
    return owning_place(work, managing_unit or work.principal.unit, field, agency=work.principal.agency)


def owning_place(work: Work, code: str, field: str, *, agency: str | None = None) -> Place:
    """The place of a record that this unit manages, of `agency` where one is given. Raises Invalid for `field`."""
    chain = read_model.units(work.session, read_model.above(work.session, code))
    if code not in chain:
        raise Invalid({field: ["Choose a unit from the list"]})
    if agency is not None and chain[code].agency != agency:
        raise Invalid({field: ["Choose a unit of your own agency"]})
    kinds = _OWNING_KINDS.get(kind_of_agency(chain[code].agency), ())
    owner = next((unit for unit in chain.values() if unit.kind in kinds), None)
    if owner is None:
        raise Invalid({field: ["Choose a unit that belongs to a MAPPA area or a force"]})
    return Place(code, owner.code, owner.agency, owner.jurisdiction)


def kind_of_agency(code: str) -> str:
    """police, probation, prison, national or other."""
    return next((agency.kind for agency in agencies() if agency.code == code), "other")


def force_of_area(owner_unit: str) -> str | None:
    """The police force that serves a MAPPA area, as a unit's code."""
    return next((f"force-{area.force}" for area in mappa_areas() if f"area-{area.code}" == owner_unit), None)
