"""What loading a file would change, and what is wrong with it. Pure: two estates in, sentences and rows out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from ipaddress import ip_network
from typing import Any, Literal

from services.identity.buildings.rules import Registered, clash, parse
from services.identity.estate.kinds import AGENCY_KINDS, JURISDICTIONS, SCOTLAND, kinds
from services.identity.estate.shapes import Estate, UnitRow

What = Literal["agency", "unit", "building", "network"]


@dataclass(frozen=True)
class Change:
    """`before` is None for what is new; `after` what it will be. `fields` are those that differ."""

    what: What
    key: str
    before: Any
    after: Any

    @property
    def fields(self) -> tuple[str, ...]:
        if self.before is None:
            return ()
        names = (one.name for one in fields(self.after))
        return tuple(name for name in names if getattr(self.before, name) != getattr(self.after, name))

    @property
    def line(self) -> str:
        """One line of the preview."""
        if self.before is None:
            return f"+ {self.what} {self.key}: {getattr(self.after, 'name', '')}".rstrip(": ")
        changed = (
            f"{name} {getattr(self.before, name)} → {getattr(self.after, name)}" for name in self.fields
        )
        return f"~ {self.what} {self.key}: {', '.join(changed)}"


@dataclass(frozen=True)
class Preview:
    """What would change, parents before children; what is wrong, which keeps all of it from being loaded; and the units
    that the file does not name, which stay as they are.
    """

    changes: tuple[Change, ...]
    problems: tuple[str, ...]
    not_named: tuple[str, ...]


def closes(change: Change) -> bool:
    """Whether an open unit is to be closed."""
    if change.what != "unit" or change.before is None:
        return False
    return change.before.closed_on is None and change.after.closed_on is not None


def preview(present: Estate, wanted: Estate, today: date = date.max) -> Preview:
    """Nothing is removed by leaving it out: a unit is closed by a date in `closed_on`, or on its page."""
    after = merged(present, wanted)
    not_named = sorted(
        code for code, unit in present.units.items() if code not in wanted.units and unit.closed_on is None
    )
    wrong = [*problems(after, wanted), *_not_yet(wanted, today)]
    return Preview(tuple(_changes(present, wanted)), tuple(wrong), tuple(not_named))


def _not_yet(wanted: Estate, today: date) -> Iterator[str]:
    for unit in wanted.units.values():
        if unit.closed_on is not None and unit.closed_on > today:
            yield f"unit {unit.code}: closed_on must not be in the future"


def merged(present: Estate, wanted: Estate) -> Estate:
    """The estate as it would stand."""
    return Estate(
        {**present.agencies, **wanted.agencies},
        {**present.units, **wanted.units},
        {**present.buildings, **wanted.buildings},
        {**present.networks, **wanted.networks},
    )


def problems(after: Estate, wanted: Estate) -> Iterator[str]:
    """In sentences for whoever wrote the file; `after` is what would stand."""
    for agency in wanted.agencies.values():
        if agency.kind not in AGENCY_KINDS:
            yield f"agency {agency.code}: {agency.kind} is none of {', '.join(AGENCY_KINDS)}"
    for unit in wanted.units.values():
        yield from (f"unit {unit.code}: {said}" for said in unit_problems(unit, after))
    for building in wanted.buildings.values():
        if building.unit not in after.units:
            yield f"building {building.name}: there is no unit {building.unit}"
    yield from _network_problems(after, wanted)


def unit_problems(unit: UnitRow, after: Estate) -> Iterator[str]:
    """What is wrong with one unit, in the estate that would stand."""
    kind = kinds().get(unit.kind)
    if kind is None:
        yield f"{unit.kind} is none of {', '.join(kinds())}"
        return
    agency = after.agencies.get(unit.agency)
    if agency is None:
        yield f"there is no agency {unit.agency}"
    elif agency.kind not in kind.agencies:
        yield f"a {kind.name} belongs to no {agency.kind} agency"
    if unit.jurisdiction not in JURISDICTIONS:
        yield f"{unit.jurisdiction} is none of {', '.join(JURISDICTIONS)}"
    elif unit.jurisdiction not in kind.jurisdictions:
        yield f"the jurisdiction of a {kind.name} is {' or '.join(kind.jurisdictions)}"
    if (unit.contracted or unit.under_18) and unit.kind != "prison":
        yield "only a prison can be contracted or for the under-18s"
    yield from _parent_problems(unit, after)


def _parent_problems(unit: UnitRow, after: Estate) -> Iterator[str]:
    kind = kinds()[unit.kind]
    parents = kind.parents_in(unit.jurisdiction)
    if unit.parent is None:
        if parents and unit.kind != "headquarters":
            yield f"a {kind.name} stands under a {' or '.join(parents)}"
        return
    parent = after.units.get(unit.parent)
    if parent is None:
        yield f"there is no unit {unit.parent}"
    elif parent.kind not in parents:
        yield f"a {kind.name} cannot stand under {parent.code}, which is a {parent.kind.replace('_', ' ')}"
    elif SCOTLAND in (unit.jurisdiction, parent.jurisdiction) and unit.jurisdiction != parent.jurisdiction:
        yield f"a unit of {unit.jurisdiction} cannot stand under {parent.code}, which is of {parent.jurisdiction}"
    elif unit.closed_on is None and parent.closed_on is not None:
        yield f"{parent.code}, under which it stands, is closed"


def _network_problems(after: Estate, wanted: Estate) -> Iterator[str]:
    for network in wanted.networks.values():
        if network.kind not in {"lan", "wifi"}:
            yield f"network {network.addresses}: {network.kind} is neither lan nor wifi"
        if (network.unit, network.building) not in after.buildings:
            yield f"network {network.addresses}: {network.unit} has no building {network.building}"
        try:
            addresses = parse(network.addresses)
        except ValueError as wrong:
            yield f"network {network.addresses}: {wrong}"
            continue
        others = (one for one in _registered(after) if str(one.addresses) != str(addresses))
        if other := clash(addresses, (network.unit, network.building), others):
            yield f"network {network.addresses}: overlaps {other.addresses} of {other.building}, {other.unit}"


def _registered(after: Estate) -> Iterator[Registered]:
    for one in after.networks.values():
        try:
            yield Registered(ip_network(one.addresses), one.building, one.unit)
        except ValueError:
            continue


def _changes(present: Estate, wanted: Estate) -> Iterator[Change]:
    yield from _of("agency", present.agencies, wanted.agencies, str)
    order = {code: depth(code, wanted, present) for code in wanted.units}
    by_depth = dict(sorted(wanted.units.items(), key=lambda pair: order[pair[0]]))
    yield from _of("unit", present.units, by_depth, str)
    yield from _of("building", present.buildings, wanted.buildings, ", ".join)
    yield from _of("network", present.networks, wanted.networks, str)


def _of(
    what: What, present: Mapping[Any, Any], wanted: Mapping[Any, Any], named: Callable[[Any], str]
) -> Iterator[Change]:
    for key, row in wanted.items():
        if present.get(key) != row:
            yield Change(what, named(key), present.get(key), row)


def depth(code: str, wanted: Estate, present: Estate) -> int:
    """How many units stand above it; a loop, which kinds forbid, ends at ten."""
    steps, unit = 0, wanted.units.get(code) or present.units.get(code)
    while unit is not None and unit.parent is not None and steps < len(kinds()):
        steps += 1
        unit = wanted.units.get(unit.parent) or present.units.get(unit.parent)
    return steps
