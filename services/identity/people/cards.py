"""White-pages cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.people.models import Person, Unit
from services.identity.tokens.holders import token_in_force
from services.identity.tokens.models import TokenGrant


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
    tokens: tuple[str, ...]
    card_url: str


def cards(session: Session, people: Iterable[Person]) -> list[Card]:
    """In the order given, in two queries however many."""
    people = list(people)
    names = {
        unit.code: unit.name
        for unit in session.execute(
            select(Unit).where(Unit.code.in_({person.unit for person in people}))
        ).scalars()
    }
    held: dict[UUID, list[str]] = defaultdict(list)
    tokens = select(TokenGrant.person_id, TokenGrant.token).where(
        TokenGrant.person_id.in_([person.id for person in people]), token_in_force()
    )
    for person_id, token in session.execute(tokens.order_by(TokenGrant.token)):
        held[person_id].append(token)
    return [_card(person, names.get(person.unit, person.unit), held[person.id]) for person in people]


def _card(person: Person, unit_name: str, tokens: list[str]) -> Card:
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
        tokens=tuple(dict.fromkeys(tokens)),
        card_url=person.card_url,
    )
