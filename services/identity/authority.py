"""Whose accounts a principal may look after: requirements 4.2, "own", "group" and "on authority"."""

from __future__ import annotations

from dataclasses import dataclass

from shared.access.principal import Principal


@dataclass(frozen=True)
class Reach:
    """What is asked of a principal about somebody: `areas` is that person's unit and every unit above it."""

    principal: Principal
    areas: tuple[str, ...]

    @property
    def is_cpc(self) -> bool:
        """The CPC of the person's own area, group or force."""
        return self.holds("cpc")

    @property
    def is_deputy(self) -> bool:
        """Acts for an absent CPC of the person's area (PF-7/LPC.2)."""
        return bool(self.principal.deputy_for & set(self.areas))

    @property
    def is_administrator(self) -> bool:
        """Executes what others authorised (PF-7/Identity Manager LDAP.1)."""
        return self.principal.holds("admin")

    @property
    def appoints_cpc(self) -> bool:
        """Head of Public Protection of the area, or director of the prison group (PF-4.8/t.4, PF-5.1)."""
        return self.has_role("head_of_public_protection", "prison_group_director")

    def holds(self, *tokens: str) -> bool:
        """Any of these tokens, for the person's unit or one above it."""
        return bool(self.principal.units_with(*tokens) & set(self.areas))

    def has_role(self, *roles: str) -> bool:
        """Any of these roles, for the person's unit or one above it."""
        return bool(self.principal.units_with_role(*roles) & set(self.areas))


def anywhere(principal: Principal) -> Reach:
    """What somebody reaches of the units of all that they hold: a form asks it before it knows of which unit."""
    held = {grant.unit for grant in principal.tokens | principal.roles} | principal.deputy_for
    return Reach(principal, tuple(sorted(held)))


def may_look_after(reach: Reach) -> bool:
    """The CPC of the person's area, group or force; a deputy while the CPC is absent; an administrator."""
    return reach.is_cpc or reach.is_deputy or reach.is_administrator


def why_not_look_after(reach: Reach, *, oneself: bool) -> str | None:
    """R24 for whoever has no such authority, R23 for one's own account."""
    if not may_look_after(reach):
        return "R24"
    return "R23" if oneself else None
