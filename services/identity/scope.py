"""Which units somebody's tokens and roles reach: the one place that says so for reports and consoles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select

from services.identity.people.models import Unit
from shared.access.principal import Principal

# Who answers for the whole service (PF-7/ViSOR Administrative access.1, PF-4.16/A.3).
NATIONAL_TOKENS = ("admin",)
NATIONAL_ROLES = ("sro",)


def is_national(principal: Principal) -> bool:
    """An administrator sees account data everywhere, the Senior Responsible Officer both registers (4.2)."""
    return principal.holds(*NATIONAL_TOKENS) or bool(principal.units_with_role(*NATIONAL_ROLES))


def within(
    principal: Principal, *, tokens: Iterable[str] = (), roles: Iterable[str] = (), national: bool = True
) -> Select[tuple[str]]:
    """The codes of the units for which these are held, and of all below them; every unit for a national reader.

    For `Person.unit.in_(within(…))`. Whoever acts for an absent CPC reaches what the CPC does.
    """
    if national and is_national(principal):
        return select(Unit.code)
    tokens = tuple(tokens)
    held = principal.units_with(*tokens) | principal.units_with_role(*roles)
    if "cpc" in tokens:
        held |= principal.deputy_for
    return all_below(held)


def all_below(codes: Iterable[str]) -> Select[Any]:
    tree = select(Unit.code).where(Unit.code.in_(sorted(codes))).cte("reach", recursive=True)
    tree = tree.union(select(Unit.code).where(Unit.parent == tree.c.code))
    return select(tree.c.code)
