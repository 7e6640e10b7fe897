"""White pages: one card, and the search over all of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select

from services.identity.people.cards import Card, cards
from services.identity.people.models import Person, Unit
from services.identity.people.schemas import CardAnswer, CardsAnswer, SearchInput
from services.identity.service import service
from services.identity.tokens.holders import CPC, token_in_force
from services.identity.tokens.models import TokenGrant
from shared.declarations import Page
from shared.refusals import NotFound
from shared.web.schemas import Nothing
from shared.work import Work

PAGE = 50


@service.query(
    "people.card",
    path="/people/<uuid:person_id>",
    input=Nothing,
    answer=CardAnswer,
    page=Page("Contact card", "people/card.html"),
)
def card(work: Work, *, person_id: UUID) -> Card:
    """PF-7/white pages.2: readable by every live user."""
    person = work.session.get(Person, person_id)
    if person is None:
        raise NotFound
    work.concerns(subject=("person", person.id))
    return cards(work.session, [person])[0]


@service.query("people.search", path="/people/search", method="POST", input=SearchInput, answer=CardsAnswer)
def search(work: Work, *, name: str, job_title: str, place: str, token: str, page: int) -> dict[str, Any]:
    """PF-7/white pages.3; the CPCs first (PF-7/CPC Probation.1), then by name; leavers last."""
    found = _fitting(name, job_title, place, token).order_by(*_order())
    people = work.session.execute(found.limit(PAGE + 1).offset((page - 1) * PAGE)).scalars().all()
    work.concerns(count=min(len(people), PAGE), page=page)
    return {"people": cards(work.session, people[:PAGE]), "more": len(people) > PAGE}


def _fitting(name: str, job_title: str, place: str, token: str) -> Select[Person]:
    found = select(Person).join(Unit, Unit.code == Person.unit)
    for word in name.split():
        found = found.where(func.lower(Person.name).contains(word.lower(), autoescape=True))
    if job_title:
        found = found.where(func.lower(Person.job_title).contains(job_title.lower(), autoescape=True))
    if place:
        found = found.where(func.lower(Unit.name).contains(place.lower(), autoescape=True))
    return found if token == "any" else found.where(_holds(token))  # noqa: S105 - no secret


def _order() -> tuple[Any, ...]:
    return (Person.state == "archived", case((_holds(CPC), 0), else_=1), func.lower(Person.name), Person.id)


def _holds(token: str) -> Any:
    held = select(TokenGrant.id).where(TokenGrant.person_id == Person.id, TokenGrant.token == token)
    return held.where(token_in_force()).exists()
