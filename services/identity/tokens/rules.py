"""Who may grant or end which token, and to whom (requirements, 4.1 and 4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from services.identity.authority import Reach, may_look_after
from services.identity.vetting.rules import TOKEN_LEVELS, may_hold

TOKENS = tuple(TOKEN_LEVELS)
# Prisons own no records, so nobody there creates or manages one (PF-7/CPC Prison.2).
NEVER_IN_PRISON = frozenset({"create", "manager"})
# The kinds of unit for which a token can be held; any, where a token is not listed (PF-4.8, PF-5.4, PF-7/LPC.1).
UNIT_KINDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "cpc": frozenset({"mappa_area", "prison_group", "force"}),
        "lpc": frozenset({"delivery_unit", "force"}),
        "admin": frozenset({"national"}),
    }
)
APPOINTS = "the Head of Public Protection of the area or the Prison Group Director"


@dataclass(frozen=True)
class Refused:
    code: str
    fills: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Granting:
    """A token for a person; `unit` and `person` are what the principal reaches of the token's unit and of theirs."""

    token: str
    unit: Reach
    person: Reach
    oneself: bool
    name: str = ""
    agency_kind: str = ""
    unit_kind: str = ""
    level: int = 0
    cpc_trained: bool = False


def why_not_grant(asked: Granting) -> Refused | None:
    """In the order of refusals: agency (R30), authority (R24, R32), oneself (R23), then R03 and R04."""
    if asked.token in NEVER_IN_PRISON and asked.agency_kind == "prison":
        return Refused("R30")
    refused = why_not_end(asked)
    if refused is not None:
        return refused
    if not may_hold(asked.token, asked.level):
        needed = str(TOKEN_LEVELS[asked.token])
        return Refused(
            "R03", {"token": asked.token, "needed": needed, "name": asked.name, "held": str(asked.level)}
        )
    if asked.token == "cpc" and asked.unit_kind == "prison_group" and not asked.cpc_trained:  # noqa: S105
        return Refused("R04", {"name": f"{asked.name} (the CPC course)"})
    return None


def why_not_end(asked: Granting) -> Refused | None:
    """The CPC token is for those who appoint the CPC; the others for the CPC of both unit and person."""
    if asked.token == "cpc":  # noqa: S105 - the name of an access right
        if not (asked.unit.appoints_cpc or asked.unit.is_administrator):
            return Refused("R32", {"role": APPOINTS})
    elif asked.token == "admin":  # noqa: S105
        if not asked.unit.is_administrator:
            return Refused("R11", {"token": "admin"})
    elif not (may_look_after(asked.unit) and may_look_after(asked.person)):
        return Refused("R24")
    return Refused("R23", {"subject": "token"}) if asked.oneself else None


def needs_authority(asked: Granting) -> bool:
    """An administrator only executes: on whose word, must stand beside it (PF-7/Identity Manager LDAP.1)."""
    own_right = asked.unit.appoints_cpc if asked.token == "cpc" else asked.unit.is_cpc or asked.unit.is_deputy  # noqa: S105
    return asked.unit.is_administrator and not own_right
