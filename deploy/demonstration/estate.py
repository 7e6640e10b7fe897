"""Where in the estate an invented nominal belongs: delivery unit, force, prison, home."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from deploy.demonstration.shares import table
from shared.reference.estate import delivery_units, mappa_areas, prisons
from shared.reference.tables import rows

# The prison groups nearest to each probation region: assumed.
_NEAREST = {
    "N53": ("EM", "NM"),
    "N56": ("BCN", "HES"),
    "N50": ("GMMC",),
    "N57": ("KSS",),
    "N07": ("LNDN",),
    "N54": ("TW",),
    "N51": ("GMMC", "CL"),
    "N59": ("SC",),
    "N58": ("ASD", "DND"),
    "N03": ("WLS",),
    "N52": ("WM",),
    "N55": ("YRKS",),
}
_FOR_WOMEN = frozenset({"BZI", "PFI"})
_ROADS = (
    "Road",
    "Street",
    "Avenue",
    "Close",
    "Drive",
    "Lane",
    "Court",
    "Grove",
    "Terrace",
    "Way",
    "Place",
    "Walk",
)


def delivery_unit_for(chance: random.Random, area: str) -> str:
    """A territorial delivery unit of the MAPPA area."""
    return chance.choice(_units_of_area()[area])


def force_for(chance: random.Random, area: str) -> str:
    """The area's force; for a few in London the City of London's."""
    force = _force_of_area()[area]
    if force == "01" and chance.random() < table()["parts"]["city_of_london"]:
        force = "48"
    return f"force-{force}"


def prison_for(chance: random.Random, area: str, sex: str) -> str:
    """For men a prison near home two times in three; women's prisons are few and far between."""
    if sex == "female":
        return chance.choice(_womens_prisons())
    near = chance.random() < table()["parts"]["local_prison"]
    return chance.choice(_mens_prisons()[_region_of_area()[area] if near else ""])


def home_for(chance: random.Random, area: str) -> tuple[str, str]:
    """An invented address, without a postcode, in a town of the area."""
    address = f"{chance.randrange(1, 140)} {chance.choice(_streets())} {chance.choice(_ROADS)}"
    return address, chance.choice(_towns()[area])


@cache
def _units_of_area() -> Mapping[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for unit in delivery_units():
        if unit.area and unit.territorial:
            found[unit.area].append(f"pdu-{unit.code}")
    return dict(found)


@cache
def _force_of_area() -> Mapping[str, str]:
    return {area.code: area.force for area in mappa_areas()}


@cache
def _region_of_area() -> Mapping[str, str]:
    return {area.code: area.region for area in mappa_areas()}


@cache
def _womens_prisons() -> tuple[str, ...]:
    return tuple(f"prison-{p.code}" for p in prisons() if p.group == "WMN" or p.code in _FOR_WOMEN)


@cache
def _mens_prisons() -> Mapping[str, tuple[str, ...]]:
    """By region those near to it; under "" all. None for children."""
    adult = [p for p in prisons() if p.group not in ("WMN", "YCS") and p.code not in _FOR_WOMEN]
    near = {
        region: tuple(f"prison-{p.code}" for p in adult if p.group in groups)
        for region, groups in _NEAREST.items()
    }
    return near | {"": tuple(f"prison-{p.code}" for p in adult)}


@cache
def _towns() -> Mapping[str, list[str]]:
    return {row["area"]: row["towns"].split(";") for row in rows("deploy.demonstration", "towns.csv")}


@cache
def _streets() -> tuple[str, ...]:
    return tuple(row["name"] for row in rows("deploy.demonstration", "streets.csv"))
