"""What is known of the person who is looked for, and the values that this gives the statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from services.records.search.known import hashes
from services.records.search.nicknames import meant_by
from services.records.search.parts import Kind, Sought, sought
from services.records.search.spelling import birth_dates, birth_variants, deletions, first, normal
from shared.keys.nominal_key import NominalKey
from shared.reference.identifiers import recognise

# What other capabilities know (see `known`), each a field of `Wanted`.
ITEMS: tuple[Kind, ...] = ("telephone", "vehicle", "address")


@dataclass(frozen=True)
class Wanted:
    """As typed. `year_of_birth` and `month_of_birth` where the date is not known."""

    number: str = ""
    surname: str = ""
    forename: str = ""
    date_of_birth: date | None = None
    year_of_birth: int | None = None
    month_of_birth: int | None = None
    telephone: str = ""
    vehicle: str = ""
    address: str = ""

    @property
    def given(self) -> frozenset[str]:
        return frozenset(one.name for one in fields(self) if getattr(self, one.name) not in (None, ""))


@dataclass(frozen=True)
class Asked:
    """`wanted` made ready: `ways` in which an item is looked for, and the statements' values."""

    wanted: Wanted
    ways: tuple[Sought, ...]
    values: Mapping[str, Any]


def ready(wanted: Wanted, today: date, key: NominalKey) -> Asked:
    """`key` is the service's own, by which `known` keeps what it keeps."""
    ways = [
        (item, way) for item, kind in enumerate(ITEMS) for way in sought(kind, getattr(wanted, kind)) if way
    ]
    found = _ways(key, ways)
    values = {**_names(wanted), **_birth(wanted), **_numbers(wanted, today), **found, "offset": 0}
    return Asked(wanted, tuple(way for _, way in ways), values)


def _names(wanted: Wanted) -> dict[str, Any]:
    surname, forename = normal(wanted.surname), first(wanted.forename)
    return {
        "surname": surname,
        "surname_deletions": deletions(surname),
        "forename": forename,
        "forename_deletions": deletions(forename),
        "nicknames": sorted(meant_by(forename)),
    }


def _birth(wanted: Wanted) -> dict[str, Any]:
    born = wanted.date_of_birth
    return {
        "born": born,
        "births": birth_dates(born) if born else [],
        "near_births": birth_variants(born) if born else [],
        "year": born.year if born else wanted.year_of_birth,
        "month": None if born else wanted.month_of_birth,
    }


def _numbers(wanted: Wanted, today: date) -> dict[str, list[str]]:
    found = recognise(wanted.number, today) if wanted.number else []
    return {"kinds": [one.kind for one in found], "numbers": [one.value for one in found]}


def _ways(key: NominalKey, ways: list[tuple[int, Sought]]) -> dict[str, Any]:
    """A way of one part asks for it twice, so that all have two."""
    firsts = hashes(key, [way.parts[0] for _, way in ways])
    seconds = hashes(key, [way.parts[-1] for _, way in ways])
    return {
        "items": len({item for item, _ in ways}),
        "item_of": [item for item, _ in ways],
        "ways": list(range(len(ways))),
        "ranks": [float(way.rank) for _, way in ways],
        "firsts": firsts,
        "seconds": seconds,
    }
