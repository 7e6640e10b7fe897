"""Who a session's access tokens speak of."""

from __future__ import annotations

from sqlalchemy.orm import Session

from services.identity.deputies.facts import deputy_for
from services.identity.people.models import Agency, Person
from services.identity.people.units import above
from services.identity.sessions.models import SignInSession
from services.identity.terminals.models import Terminal
from services.identity.tokens.holders import roles_of, tokens_of
from shared.access.principal import AgencyKind, HeldUp, Principal, Scope, grants


def principal_of(session: Session, opened: SignInSession, person: Person, issuer: str) -> Principal:
    """An onboarding session carries no token and no role: it can do nothing that needs one."""
    whole = opened.scope == "full"
    tokens = tokens_of(session, person.id) if whole else []
    roles = roles_of(session, person.id) if whole else []
    terminal = session.get(Terminal, opened.terminal_id) if opened.terminal_id else None
    kind: AgencyKind = session.get_one(Agency, person.agency).kind  # type: ignore[assignment]
    scope: Scope = opened.scope  # type: ignore[assignment]
    return Principal(
        person_id=person.id,
        issuer=issuer,
        session_id=opened.id,
        auth_time=opened.proved_at,
        agency=person.agency,
        agency_kind=kind,
        unit=person.unit,
        areas=above(session, person.unit),
        tokens=grants((grant.token, grant.unit) for grant in tokens),
        roles=grants((grant.role, grant.unit) for grant in roles),
        scope=scope,
        terminal=terminal.asset_tag if terminal else None,
        name=person.name,
        held_up=HeldUp(**opened.held_up) if opened.held_up else None,
        deputy_for=deputy_for(session, person.id) if whole else frozenset(),
    )
