"""The kinds of unit as data (kinds.toml), and what somebody in charge of a unit is called."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

AGENCY_KINDS = ("police", "probation", "prison", "national", "other")
JURISDICTIONS = ("ENG", "WLS", "SCT", "NIR")
SCOTLAND = "SCT"


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of kinds.toml. No `jurisdictions`: there are such units in all of them."""

    code: str
    name: str
    agencies: tuple[str, ...]
    parents: tuple[str, ...]
    head: str
    group: str = ""
    jurisdictions: tuple[str, ...] = JURISDICTIONS
    scottish_parents: tuple[str, ...] = ()

    def parents_in(self, jurisdiction: str) -> tuple[str, ...]:
        """The kinds under which a unit of that jurisdiction may stand; none: it stands alone."""
        return self.scottish_parents or self.parents if jurisdiction == SCOTLAND else self.parents


@cache
def kinds() -> Mapping[str, Kind]:
    table = tomllib.loads((files("services.identity.estate") / "kinds.toml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            code: Kind(
                code,
                row["name"],
                tuple(row["agencies"]),
                tuple(row["parents"]),
                row["head"],
                row.get("group", ""),
                tuple(row.get("jurisdictions", JURISDICTIONS)),
                tuple(row.get("scottish_parents", ())),
            )
            for code, row in table.items()
        }
    )


def head_of(kind: str, *, contracted: bool) -> str:
    """A contracted prison has a Director, with the rights and duties of a Governor (PF-0.4.2, PSI-3.1)."""
    if kind == "prison" and contracted:
        return "Director"
    return kinds()[kind].head if kind in kinds() else "Head"


def role_name(role: str, kind: str, *, contracted: bool) -> str:
    """A role in words, at that unit: `governor` reads "Director" where the prison is contracted."""
    if role == "governor" and kind == "prison":
        return head_of(kind, contracted=contracted)
    return role.replace("_", " ").capitalize()


def group_of(kind: str, *, contracted: bool, under_18: bool) -> str:
    """The group of PF-0.1 that the unit belongs to; empty for police and others whom the Framework does not bind."""
    if kind == "prison" and under_18:
        return "Under 18 young offender institutions"
    if kind == "prison" and contracted:
        return "Contracted prisons"
    return kinds()[kind].group if kind in kinds() else ""
