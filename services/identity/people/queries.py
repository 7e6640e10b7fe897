"""White pages: one card, and the search over all of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.identity.people.cards import Card, cards
from services.identity.people.models import Person
from services.identity.people.schemas import CardAnswer, CardsAnswer, SearchInput
from services.identity.people.searching import fitting
from services.identity.service import service
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
    found = fitting(name, job_title, place, token)
    people = work.session.execute(found.limit(PAGE + 1).offset((page - 1) * PAGE)).scalars().all()
    work.concerns(count=min(len(people), PAGE), page=page)
    return {"people": cards(work.session, people[:PAGE]), "more": len(people) > PAGE}
