"""Whose vetting and signatures a principal oversees: requirements 4.2, and the clauses of each role."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from services.identity.people.models import Person
from services.identity.scope import is_national, within
from shared.access.principal import Principal
from shared.refusals import Refusal

# PF-5.6.2 Governors, PF-5.10.2 ViSOR leads, PF-4.8/t.4 heads, PF-4.2 regional directors: of their own place.
ROLES = (
    "governor",
    "visor_lead",
    "head_of_public_protection",
    "prison_group_director",
    "regional_probation_director",
)
ISSUES = "a CPC or LPC, a Governor, a ViSOR lead or one of those who appoint them"
WHOM = "a CPC, Governor, ViSOR lead or one of those who appoint them"


def oversees_somebody(principal: Principal) -> bool:
    return is_national(principal) or bool(overseen_units(principal))


def overseen(principal: Principal) -> ColumnElement[bool]:
    """Over `Person`. Raises Refusal R24 for whoever oversees nobody."""
    if not oversees_somebody(principal):
        raise Refusal("R24")
    return Person.unit.in_(within(principal, tokens=("cpc",), roles=ROLES))


def may_issue(principal: Principal) -> bool:
    """Who issues reports: an LPC too, of their own unit (requirements, 4.2)."""
    return oversees_somebody(principal) or principal.holds("lpc")


def issued(principal: Principal) -> ColumnElement[bool]:
    """Over `Person`: those whom somebody's reports are about."""
    return Person.unit.in_(within(principal, tokens=("cpc", "lpc"), roles=ROLES))


def oversees(principal: Principal, areas: tuple[str, ...]) -> bool:
    """Somebody whose unit and the units above it are these."""
    return is_national(principal) or bool(overseen_units(principal) & set(areas))


def overseen_units(principal: Principal) -> frozenset[str]:
    """The places themselves, without what lies below them."""
    return principal.units_with("cpc") | principal.units_with_role(*ROLES) | principal.deputy_for
