"""MAPPA categories, levels and ownership, typed; the tables themselves are mappa.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

ALL = "ALL"
"""The set of a category that every jurisdiction uses."""
SCOTLAND = "SCOTLAND"
"""The set of Scotland's groups, which alone have a lead agency (SC-17.10)."""


class UnknownCategory(LookupError):
    """No category has that code, or none of that code is used there."""


@dataclass(frozen=True)
class Category:
    """`levels` at which it exists, empty for what is not MAPPA; `nomis` alert codes by level, or `pending`."""

    code: str
    name: str
    meaning: str
    used_in: str
    levels: tuple[str, ...]
    ndelius: str | None = None
    nomis: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_mappa(self) -> bool:
        return bool(self.levels)


@dataclass(frozen=True, slots=True)
class Level:
    code: str
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Ownership:
    """`owner` is a kind of agency; `supervision` None where statutory probation supervision decides nothing.

    `also`: kinds of agency that hold the record for an owner which has no units of its own in the register.
    """

    category: str
    supervision: bool | None
    owner: str
    unit: str
    label: str
    clauses: tuple[str, ...]
    also: tuple[str, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of agency that may create and own such a record."""
        return frozenset((self.owner, *self.also))


@cache
def categories() -> Mapping[str, Category]:
    return {
        code: Category(
            code,
            row["name"],
            row["meaning"],
            row["set"],
            tuple(row["levels"]),
            row.get("ndelius"),
            row.get("nomis", {}),
        )
        for code, row in _tables()["categories"].items()
    }


@cache
def levels() -> Mapping[str, Level]:
    return {code: Level(code, row["name"], row["meaning"]) for code, row in _tables()["levels"].items()}


@cache
def ownership_table() -> tuple[Ownership, ...]:
    supervision = {"yes": True, "no": False, "any": None}
    return tuple(
        Ownership(
            row["category"],
            supervision[row["supervision"]],
            row["owner"],
            row["unit"],
            row["label"],
            tuple(row["clause"]),
            tuple(row.get("also", ())),
        )
        for row in _tables()["ownership"]
    )


def categories_of(jurisdiction: str) -> tuple[Category, ...]:
    """What a record of ENG, WLS, SCT or NIR may be in; raises `ValueError` for any other jurisdiction."""
    sets = {name for name, members in _tables()["jurisdictions"].items() if jurisdiction in members}
    if not sets:
        raise ValueError(f"{jurisdiction!r} is no jurisdiction.")
    return tuple(category for category in categories().values() if category.used_in in sets | {ALL})


def level_allowed(category: str, level: str | None) -> bool:
    """Category 3 exists at level 2 or 3 only; what is not MAPPA has no level. Raises `UnknownCategory`."""
    if category not in categories():
        raise UnknownCategory(category)
    allowed = categories()[category].levels
    return level in allowed if allowed else level is None


def ownership(category: str, *, supervised: bool) -> Ownership:
    """Who creates and owns a record of `category`; `supervised`: under statutory probation supervision."""
    for row in ownership_table():
        if row.category == category and row.supervision in (None, supervised):
            return row
    raise UnknownCategory(category)


def supervision_decides(category: str) -> bool:
    """Whether a form must ask about statutory supervision (PF-7/nominal record owner.3)."""
    return any(row.category == category and row.supervision is not None for row in ownership_table())


def categories_owned(jurisdiction: str, agency_kind: str) -> tuple[Category, ...]:
    """What agencies of this kind may create and own there: what a form offers (PF-4.9)."""
    owned = {row.category for row in ownership_table() if agency_kind in row.kinds}
    return tuple(category for category in categories_of(jurisdiction) if category.code in owned)


@cache
def lead_agencies() -> Mapping[str, str]:
    """Code → name of the agencies that can lead in Scotland."""
    return dict(_tables()["lead_agencies"])


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files("shared.reference").joinpath("mappa.toml").read_text(encoding="utf-8"))
