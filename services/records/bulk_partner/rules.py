"""Who may partner whom to what in bulk (PF-7/Bulk Partner, PF-7/Central Support Token.2). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from shared.access.principal import Principal

T = TypeVar("T")
# What Central Support reaches from the holder's own unit: the area, group or force, never a whole region.
AREAS = frozenset({"mappa_area", "prison_group", "force"})
# A unit whose nominals a new member of the team is partnered to: by custody there, or by management.
SOURCES = frozenset({"prison", "delivery_unit", "force"})


def own_areas(principal: Principal, kinds: Mapping[str, str]) -> frozenset[str]:
    """The units, with all below them, for which this person may partner in bulk; empty: R11.

    `kinds` gives the kind of each of the principal's `areas`. A CPC acts for her area, group or force, a deputy for
    the CPC's; Central Support is held for a unit and reaches the area, group or force above it.
    """
    central = principal.units_with("central_support")
    areas = principal.units_with("cpc") | principal.deputy_for | central
    if principal.unit in central:
        areas |= {code for code in principal.areas if kinds.get(code) in AREAS}
    return areas


def within(areas: Collection[str], above: Sequence[str]) -> bool:
    """Whether a unit, given with all above it, lies in one of these areas."""
    return not set(areas).isdisjoint(above)


def halves(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Both halves of what failed together, so that what fails alone is found in few steps."""
    middle = len(items) // 2
    yield items[:middle]
    yield items[middle:]
