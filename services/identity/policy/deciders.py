"""Who changes national policy, and who of them is to be told."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from services.identity.people.models import Person
from services.identity.tokens.holders import ACTIVE, role_in_force, token_in_force
from services.identity.tokens.models import RoleGrant, TokenGrant
from shared.access.principal import Principal
from shared.policy.rules import why_not_change
from shared.refusals import Refusal
from shared.work import Concerned, Work

ADMIN, SRO = "admin", "sro"


def may_change(principal: Principal) -> bool:
    return _why_not(principal) is None


def require_decider(work: Work) -> None:
    """Raises Refusal R32."""
    refused = _why_not(work.principal)
    if refused is not None:
        raise refused


def others(session: Session, person_id: UUID) -> list[Concerned]:
    """Everybody who may confirm what this person proposed, once each."""
    administrators = select(Person, literal(ADMIN), TokenGrant.unit).join(
        TokenGrant, TokenGrant.person_id == Person.id
    )
    officers = select(Person, literal(SRO), RoleGrant.unit).join(RoleGrant, RoleGrant.person_id == Person.id)
    rows = [
        *session.execute(administrators.where(TokenGrant.token == ADMIN, token_in_force(), ACTIVE)),
        *session.execute(officers.where(RoleGrant.role == SRO, role_in_force(), ACTIVE)),
    ]
    found = {person.id: Concerned(person.id, role, unit, person.agency) for person, role, unit in rows}
    return [one for one in found.values() if one.person_id != person_id]


def _why_not(principal: Principal) -> Refusal | None:
    return why_not_change(administrator=principal.holds(ADMIN), responsible_officer=principal.has_role(SRO))
