"""Whose vetting and signatures a principal oversees: requirements 4.2, and the clauses of each role."""

from __future__ import annotations

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from services.identity.people.models import Person
from services.identity.people.units import below
from shared.access.principal import Principal
from shared.refusals import Refusal

# PF-5.6.2 Governors, PF-5.10.2 ViSOR leads, PF-4.8/t.4 heads, PF-4.2 regional directors: of their own place.
OVERSEEING_ROLES = (
    "governor",
    "visor_lead",
    "head_of_public_protection",
    "prison_group_director",
    "regional_probation_director",
)


def sees_everybody(principal: Principal) -> bool:
    """The SRO; administrators, to whom accounts are data (requirements 4.2, "account data only")."""
    return principal.has_role("sro") or principal.holds("admin")


def overseen_units(principal: Principal) -> frozenset[str]:
    """The places themselves, without what lies below them."""
    held = principal.units_with("cpc") | principal.units_with_role(*OVERSEEING_ROLES)
    return held | principal.deputy_for


def overseen(session: Session, principal: Principal) -> ColumnElement[bool]:
    """Over `Person`. Raises Refusal R24 for whoever oversees nobody."""
    if sees_everybody(principal):
        return true()
    units = overseen_units(principal)
    if not units:
        raise Refusal("R24")
    return Person.unit.in_(below(session, units))


def oversees(principal: Principal, areas: tuple[str, ...]) -> bool:
    """Somebody whose unit and the units above it are these."""
    return sees_everybody(principal) or bool(overseen_units(principal) & set(areas))
