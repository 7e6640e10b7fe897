"""Whom a search of the white pages fits, in SQL (PF-7/white pages.3)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, true

from services.identity.accounts.rules import NO_ACCOUNT_YET
from services.identity.people.models import Person
from services.identity.people.units import named_so
from services.identity.tokens.holders import CPC, role_in_force, token_in_force
from services.identity.tokens.models import RoleGrant, TokenGrant

# How much of a word's trigrams a name must share with it, so that "Akroyd" finds Ackroyd and "Smith" not everybody.
_ALIKE = 0.45
_SHORTEST_ALIKE = 4  # letters; shorter words are alike to too much


def fitting(name: str, job_title: str, place: str, token: str) -> Select[Any]:
    """Everything given must fit. The CPC comes first, then whose name is spelt so; who left comes last.

    A place is an area, prison, force or unit with everything under it. Newcomers have no card before their account.
    """
    words = name.split()
    found = select(Person).where(Person.state.not_in(NO_ACCOUNT_YET))
    for word in words:
        found = found.where(or_(_spelt(word), _alike(word)))
    if job_title:
        found = found.where(_does(job_title))
    if place:
        found = found.where(_at(place))
    if token != "any":  # noqa: S105 - no secret
        found = found.where(holds(token))
    exact = and_(true(), *(_spelt(word) for word in words))
    return found.order_by(
        Person.state == "archived",
        case((exact, 0), else_=1),
        case((holds(CPC), 0), else_=1),
        func.lower(Person.name),
        Person.id,
    )


def holds(token: str) -> ColumnElement[bool]:
    held = select(TokenGrant.id).where(TokenGrant.person_id == Person.id, TokenGrant.token == token)
    return held.where(token_in_force()).exists()


def _spelt(word: str) -> ColumnElement[bool]:
    return Person.name.icontains(word, autoescape=True)


def _alike(word: str) -> ColumnElement[bool]:
    if len(word) < _SHORTEST_ALIKE:
        return literal(False)
    return func.word_similarity(word, Person.name) >= _ALIKE


def _does(work: str) -> ColumnElement[bool]:
    """By job title, or by a role that they were appointed to."""
    role = func.replace(RoleGrant.role, "_", " ").icontains(work, autoescape=True)
    appointed = select(RoleGrant.id).where(RoleGrant.person_id == Person.id, role, role_in_force())
    return or_(Person.job_title.icontains(work, autoescape=True), appointed.exists())


def _at(place: str) -> ColumnElement[bool]:
    """Whoever belongs there, and its CPC wherever they sit (PF-7/CPC Probation.1)."""
    within = named_so(place)
    point_of_contact = select(TokenGrant.id).where(
        TokenGrant.person_id == Person.id, TokenGrant.token == CPC, TokenGrant.unit.in_(within)
    )
    return or_(Person.unit.in_(within), point_of_contact.where(token_in_force()).exists())
