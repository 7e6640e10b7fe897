"""White-pages cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.identity.people.models import Person, Unit
from services.identity.tokens.holders import role_in_force, token_in_force
from services.identity.tokens.models import RoleGrant, TokenGrant


@dataclass(frozen=True)
class Card:
    """Leavers keep a greyed one, so that old log entries still say who wrote them (PF-4.38.2)."""

    id: UUID
    name: str
    job_title: str
    email: str
    telephone: str
    agency: str
    unit: str
    unit_name: str
    active: bool
    left_on: date | None
    roles: tuple[str, ...]
    tokens: tuple[str, ...]
    card_url: str


def cards(session: Session, people: Iterable[Person]) -> list[Card]:
    """In the order given, in three queries however many."""
    people = list(people)
    names = {
        unit.code: unit.name
        for unit in session.execute(
            select(Unit).where(Unit.code.in_({person.unit for person in people}))
        ).scalars()
    }
    ids = [person.id for person in people]
    tokens = _held(session, TokenGrant.person_id, TokenGrant.token, token_in_force(), ids)
    roles = _held(session, RoleGrant.person_id, RoleGrant.role, role_in_force(), ids)
    return [
        _card(person, names.get(person.unit, person.unit), tokens[person.id], roles[person.id])
        for person in people
    ]


def _held(
    session: Session, whose: Any, name: Any, in_force: ColumnElement[bool], people: list[UUID]
) -> dict[UUID, list[str]]:
    """The names of what each holds, each once."""
    held: dict[UUID, list[str]] = defaultdict(list)
    found = select(whose, name).where(whose.in_(people), in_force).distinct().order_by(name)
    for person_id, one in session.execute(found):
        held[person_id].append(one)
    return held


def _card(person: Person, unit_name: str, tokens: list[str], roles: list[str]) -> Card:
    return Card(
        id=person.id,
        name=person.name,
        job_title=person.job_title,
        email=person.email,
        telephone=person.telephone,
        agency=person.agency,
        unit=person.unit,
        unit_name=unit_name,
        active=person.is_active,
        left_on=person.left_on,
        roles=tuple(roles),
        tokens=tuple(tokens),
        card_url=person.card_url,
    )
