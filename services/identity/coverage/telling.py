"""Who is told of a vacant post: of each role or token that its rule names the nearest, at or above the unit."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.people.models import Person, Unit
from services.identity.people.units import chain
from services.identity.tokens.holders import ACTIVE, role_in_force, token_in_force
from services.identity.tokens.models import RoleGrant, TokenGrant
from services.identity.vetting.rules import TOKEN_LEVELS
from shared.work import NOBODY, Concerned

# Held for no unit of the estate: whoever holds it anywhere is told.
_ANYWHERE = frozenset({"admin", "sro", "operational_support_group"})


Known = dict[tuple[str, str], list[Person]]


def told(session: Session, unit: Unit, names: Iterable[str], known: Known | None = None) -> list[Concerned]:
    """A role that nobody holds is told as vacant, so that notifications can say so.

    `known` keeps who was found, for whoever asks about hundreds of posts in one transaction.
    """
    found = []
    known = {} if known is None else known
    for name in names:
        key = ("" if name in _ANYWHERE else unit.code, name)
        if key not in known:
            known[key] = nearest(session, unit.code, name)
        people = known[key]
        found += [Concerned(person.id, name, unit.code, person.agency) for person in people] or [
            Concerned(NOBODY, name, unit.code, unit.agency)
        ]
    return found


def nearest(session: Session, code: str, name: str) -> list[Person]:
    grant, in_force = (
        (TokenGrant, token_in_force() & (TokenGrant.token == name))
        if name in TOKEN_LEVELS
        else (RoleGrant, role_in_force() & (RoleGrant.role == name))
    )
    query = select(Person).join(grant, grant.person_id == Person.id).where(in_force, ACTIVE)
    if name in _ANYWHERE:
        return list(session.execute(query.order_by(Person.id)).scalars())
    way_up = chain(code)
    at = query.join(way_up, way_up.c.code == grant.unit).with_only_columns(Person, way_up.c.depth)
    rows = session.execute(at.order_by(way_up.c.depth, Person.id)).all()
    return [row[0] for row in rows if row[1] == rows[0][1]]
