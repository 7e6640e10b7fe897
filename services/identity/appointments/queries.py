"""The posts of a unit: who holds each, and who is to follow."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.appointments.models import Successor
from services.identity.appointments.rules import may_name_successor
from services.identity.appointments.schemas import PostsAnswer
from services.identity.appointments.table import label, roles
from services.identity.authority import Reach
from services.identity.people.models import Person, Unit
from services.identity.people.units import above
from services.identity.service import service
from services.identity.tokens.holders import ACTIVE, role_in_force, token_in_force
from services.identity.tokens.models import RoleGrant, TokenGrant
from services.identity.tokens.table import tokens
from shared.declarations import Page
from shared.refusals import NotFound
from shared.web.schemas import Nothing
from shared.work import Work


@service.query(
    "posts.of_unit",
    path="/units/<string:unit>/posts",
    input=Nothing,
    answer=PostsAnswer,
    page=Page("Posts of a unit", "appointments/posts.html"),
)
def posts_of(work: Work, *, unit: str) -> dict[str, Any]:
    """Holders for everybody, as in the white pages; successors for those who may name them (PI-3.8.5)."""
    found = work.session.get(Unit, unit)
    if found is None:
        raise NotFound
    work.concerns(unit=unit)
    reach = Reach(work.principal, above(work.session, unit))
    held, follow = _holders(work.session, unit), _successors(work.session, unit)
    names = [name for name, row in tokens().items() if row.one and row.fits(found.kind)]
    names += [name for name, row in roles().items() if name in held or (row.post and row.fits(found.kind))]
    may = {name: may_name_successor(reach, name) for name in names}
    return {
        "unit": found.code,
        "unit_name": found.name,
        "may_name": any(may.values()),
        "posts": [
            {
                "post": name,
                "label": tokens()[name].label if name in tokens() else label(name),
                "holders": held[name],
                "successor": follow.get(name) if may[name] else None,
            }
            for name in names
        ],
    }


def _holders(session: Session, unit: str) -> defaultdict[str, list[dict[str, Any]]]:
    held: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    both: list[tuple[Any, Any, Any]] = [
        (TokenGrant, TokenGrant.token, token_in_force() & TokenGrant.token.in_(("cpc", "lpc"))),
        (RoleGrant, RoleGrant.role, role_in_force()),
    ]
    for model, name, in_force in both:
        found = select(name, model, Person).join(Person, Person.id == model.person_id)
        for post, grant, person in session.execute(found.where(model.unit == unit, in_force, ACTIVE)):
            held[post].append(
                {
                    "grant_id": grant.id,
                    "person_id": person.id,
                    "name": person.name,
                    "card_url": person.card_url,
                    "valid_from": grant.valid_from,
                    "valid_to": grant.valid_to,
                    "warnings": grant.warnings,
                }
            )
    return held


def _successors(session: Session, unit: str) -> dict[str, dict[str, Any]]:
    found = select(Successor.post, Person).join(Person, Person.id == Successor.person_id)
    return {
        post: {"person_id": person.id, "name": person.name, "card_url": person.card_url}
        for post, person in session.execute(found.where(Successor.unit == unit))
    }
