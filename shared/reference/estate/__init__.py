"""The estate: MAPPA areas, probation regions and delivery units, prisons and their groups, police forces."""

from __future__ import annotations

from shared.reference.estate.tables import (
    DeliveryUnit,
    Force,
    MappaArea,
    NationalBody,
    Prison,
    PrisonGroup,
    Region,
    delivery_units,
    forces,
    mappa_areas,
    national_bodies,
    prison_groups,
    prisons,
    regions,
)
from shared.reference.estate.units import Agency, Unit, agencies, estate_units, units_by_code

__all__ = [
    "Agency",
    "DeliveryUnit",
    "Force",
    "MappaArea",
    "NationalBody",
    "Prison",
    "PrisonGroup",
    "Region",
    "Unit",
    "agencies",
    "delivery_units",
    "estate_units",
    "forces",
    "mappa_areas",
    "national_bodies",
    "prison_groups",
    "prisons",
    "regions",
    "units_by_code",
]
