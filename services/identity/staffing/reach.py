"""Whose staffing a principal sees."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, Select, select
from sqlalchemy.orm import aliased

from services.identity.people.models import Unit
from services.identity.scope import is_national, within
from shared.access.principal import Principal
from shared.work import Work

TOKENS = ("cpc", "lpc")
ROLES = (
    "head_of_pdu",
    "governor",
    "visor_lead",
    "head_of_public_protection",
    "prison_group_director",
    "regional_probation_director",
)
WHOM = "a CPC, LPC, ViSOR lead, Governor, head of a unit or director"


def concerns(principal: Principal) -> bool:
    return is_national(principal) or principal.holds(*TOKENS) or principal.has_role(*ROLES)


def seen(principal: Principal) -> Select[Any]:
    """The codes of the units."""
    return within(principal, tokens=TOKENS, roles=ROLES)


def regions(principal: Principal) -> Select[Any]:
    """The codes of the probation regions in which the units lie."""
    up = upwards()
    inside = up.c.unit.in_(select(seen(principal).subquery()))
    return select(up.c.code).join(Unit, Unit.code == up.c.code).where(Unit.kind == "region", inside)


def upwards() -> CTE:
    """Each unit with itself and every one above it, as `unit` and `code`."""
    up = select(Unit.code.label("unit"), Unit.code, Unit.parent).cte("up", recursive=True)
    higher = aliased(Unit)
    return up.union_all(select(up.c.unit, higher.code, higher.parent).where(higher.code == up.c.parent))


def sees(work: Work, unit: str) -> bool:
    found = select(Unit.code).where(Unit.code == unit, Unit.code.in_(seen(work.principal)))
    return work.session.execute(found).first() is not None
