"""An estate as it stands in a file and in the database: plain rows, by their codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """`kind` is police, probation, prison, national or other."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """`kind` is one of kinds.toml; `closed_on` the day from which it is no more."""

    code: str
    name: str
    kind: str
    parent: str | None
    agency: str
    jurisdiction: str
    contracted: bool = False
    under_18: bool = False
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class BuildingRow:
    """Known by its unit and name."""

    unit: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """`addresses` as in 10.1.2.0/24; `kind` lan or wifi; known by its addresses."""

    addresses: str
    kind: str
    unit: str
    building: str


@dataclass(frozen=True)
class Estate:
    agencies: Mapping[str, AgencyRow] = field(default_factory=lambda: MappingProxyType({}))
    units: Mapping[str, UnitRow] = field(default_factory=lambda: MappingProxyType({}))
    buildings: Mapping[tuple[str, str], BuildingRow] = field(default_factory=lambda: MappingProxyType({}))
    networks: Mapping[str, NetworkRow] = field(default_factory=lambda: MappingProxyType({}))
