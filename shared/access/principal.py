"""Who is asking: what identity vouches for in the access token, and nothing that must be looked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

AgencyKind = Literal["police", "probation", "prison", "national", "other"]
Scope = Literal["full", "onboarding", "integration", "system"]

_SYSTEM_ID = UUID(int=0)


@dataclass(frozen=True)
class Grant:
    """A token or role, and the unit it is held for (`area-53`, `prison-WSI`, …)."""

    name: str
    unit: str


@dataclass(frozen=True)
class HeldUp:
    """Why a session is not whole: a refusal's code and the words that fill its message."""

    code: str
    fills: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Principal:
    """One person in one session, or the suite itself.

    `scope` is `onboarding` for a session that may only read and sign documents (R06), `integration` for another
    system's account, `system` for handlers, tasks and the tick. `areas` are the codes of the unit the person belongs
    to and of every unit above it, nearest first.
    """

    person_id: UUID
    issuer: str
    session_id: UUID
    auth_time: datetime
    agency: str
    agency_kind: AgencyKind
    unit: str
    areas: tuple[str, ...] = ()
    tokens: frozenset[Grant] = frozenset()
    roles: frozenset[Grant] = frozenset()
    scope: Scope = "full"
    terminal: str | None = None
    name: str = ""
    # Deputies act "for CPC" while the CPC is absent (PF-7/LPC.2): the units whose queue they hold.
    deputy_for: frozenset[str] = field(default_factory=frozenset)
    # Only of an onboarding session.
    held_up: HeldUp | None = None

    @property
    def is_system(self) -> bool:
        return self.scope == "system"

    def holds(self, *tokens: str) -> bool:
        """Holds any of these tokens, for whatever unit."""
        return any(grant.name in tokens for grant in self.tokens)

    def units_with(self, *tokens: str) -> frozenset[str]:
        """The units for which any of these tokens is held."""
        return frozenset(grant.unit for grant in self.tokens if grant.name in tokens)

    def has_role(self, *roles: str) -> bool:
        return any(grant.name in roles for grant in self.roles)

    def units_with_role(self, *roles: str) -> frozenset[str]:
        return frozenset(grant.unit for grant in self.roles if grant.name in roles)


def system_principal(service: str) -> Principal:
    """The suite acting by itself; its person id is all zeros and its acts are audited like anybody's."""
    return Principal(
        person_id=_SYSTEM_ID,
        issuer="system",
        session_id=_SYSTEM_ID,
        auth_time=datetime(1970, 1, 1, tzinfo=UTC),
        agency="home-office",
        agency_kind="national",
        unit=service,
        scope="system",
        name="ViSOR suite",
    )


def anonymous() -> Principal:
    """Nobody has signed in: all that such a principal may run is what is declared open (sign-in itself)."""
    return Principal(
        person_id=_SYSTEM_ID,
        issuer="nobody",
        session_id=_SYSTEM_ID,
        auth_time=datetime(1970, 1, 1, tzinfo=UTC),
        agency="",
        agency_kind="other",
        unit="",
        scope="onboarding",
    )


def grants(pairs: Iterable[tuple[str, str]]) -> frozenset[Grant]:
    return frozenset(Grant(name, unit) for name, unit in pairs)
