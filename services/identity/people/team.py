"""Whom one is line manager of (PF-4.39)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import func, select

from services.identity.people.cards import cards
from services.identity.people.models import Person
from services.identity.people.schemas import CardAnswer
from services.identity.service import service
from shared.declarations import Page
from shared.web.schemas import Answer, Input
from shared.work import Work

PAGE = 25


class TeamInput(Input):
    page = fields.Integer(
        load_default=1, validate=validate.Range(min=1, max=500), metadata={"widget": "none"}
    )


class MemberAnswer(Answer):
    person = fields.Nested(CardAnswer)
    state = fields.String()
    last_signed_in_on = fields.Date(allow_none=True)


class TeamAnswer(Answer):
    team = fields.List(fields.Nested(MemberAnswer))
    page = fields.Integer()
    more = fields.Boolean()


@service.query(
    "people.team",
    path="/my-team",
    input=TeamInput,
    answer=TeamAnswer,
    page=Page("My team", "people/team.html"),
)
def team(work: Work, *, page: int) -> dict[str, Any]:
    """One's own people and how their accounts stand; whoever leaves is reported from here."""
    mine = select(Person).where(Person.line_manager == work.principal.person_id, Person.state != "archived")
    here = mine.order_by(func.lower(Person.name), Person.id).limit(PAGE + 1).offset((page - 1) * PAGE)
    people = work.session.execute(here).scalars().all()
    work.concerns(count=len(people[:PAGE]), page=page)
    lines = [
        {"person": card, "state": person.state, "last_signed_in_on": person.last_signed_in_on}
        for person, card in zip(people[:PAGE], cards(work.session, people[:PAGE]), strict=True)
    ]
    return {"team": lines, "page": page, "more": len(people) > PAGE}
