"""Reading who is leaving, and what they still hold."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from services.identity.accounts.leaving_rules import Held
from services.identity.accounts.models import Holding, Leaver
from services.identity.people.models import Person
from services.identity.tokens.holders import roles_of
from services.identity.tokens.models import TokenGrant
from shared.work import Work


def open_leaver(work: Work, person: Person, *, lock: bool = False) -> Leaver | None:
    found = select(Leaver).where(Leaver.person_id == person.id, Leaver.closed_at.is_(None))
    return work.session.execute(found.with_for_update() if lock else found).scalar_one_or_none()


def open_tokens(work: Work, person: Person) -> list[TokenGrant]:
    """Suspended ones and those still to begin too: somebody must end them."""
    found = select(TokenGrant).where(TokenGrant.person_id == person.id, TokenGrant.ended_at.is_(None))
    return list(work.session.execute(found.order_by(TokenGrant.token, TokenGrant.unit)).scalars())


def held_by(work: Work, person: Person) -> Held:
    """PF-4.38.3: tokens, roles and team from here, records as records last counted them."""
    counted = work.session.get(Holding, person.id)
    team = select(func.count()).where(Person.line_manager == person.id, Person.state != "archived")
    numbers: dict[str, Any] = {
        name: getattr(counted, name, None) for name in ("manager_of", "supervisor_of", "partner_of")
    }
    return Held(
        tokens=len(open_tokens(work, person)),
        roles=len(roles_of(work.session, person.id)),
        team=work.session.execute(team).scalar_one(),
        **numbers,
    )
