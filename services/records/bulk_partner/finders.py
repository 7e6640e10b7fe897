"""Whom and what the page offers by name: users and units of one's own area, group or force."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, and_, cast, exists, or_, select, true
from sqlalchemy.orm import Session

from services.records.bulk_partner.rules import SOURCES, own_areas
from shared.access.principal import Principal
from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.web import guard
from shared.web.forms import Choice, Finder

_person, _grant, _unit = DIRECTORY.person, DIRECTORY.grant, DIRECTORY.unit


def reached(session: Session, principal: Principal) -> frozenset[str]:
    """The areas, groups or forces for which the principal may partner in bulk, with every unit below them."""
    kinds = {code: one.kind for code, one in read_model.units(session, principal.areas).items()}
    areas = own_areas(principal, kinds)
    return frozenset[str]().union(*(read_model.below(session, area) for area in areas))


def _find_users(text: str, most: int) -> list[Choice]:
    """Current users who hold the partner token, by any part of their names; their own id names one of them, too."""
    partner = exists().where(_grant.c.person_id == _person.c.id, _grant.c.name == "partner")
    found = (
        select(cast(_person.c.id, String), _person.c.name, _person.c.job_title, _unit.c.name)
        .outerjoin(_unit, _unit.c.code == _person.c.unit)
        .where(_person.c.active, partner, _fits(text, _person.c.id, _person.c.name))
        .order_by(_person.c.name, _person.c.id)
    )
    return [
        Choice(id, name, ", ".join(filter(None, (title, unit))))
        for id, name, title, unit in _read(found, _person.c.unit, most)
    ]


def _find_units(text: str, most: int) -> list[Choice]:
    found = (
        select(_unit.c.code, _unit.c.name)
        .where(_unit.c.kind.in_(SOURCES), _fits(text, _unit.c.code, _unit.c.name))
        .order_by(_unit.c.name, _unit.c.code)
    )
    return [Choice(code, name, code) for code, name in _read(found, _unit.c.code, most)]


def _fits(text: str, id: Any, name: Any) -> Any:
    """Each word in the name, or the whole as its id or code; without a word everything."""
    words = and_(true(), *(name.icontains(word, autoescape=True) for word in text.split()))
    return or_(words, cast(id, String) == text.strip())


def _read(statement: Any, unit: Any, most: int) -> list[Any]:
    with Session(guard.runtime().database.reading) as session:
        mine = unit.in_(sorted(reached(session, guard.principal())))
        return list(session.execute(statement.where(mine).limit(most)))


USERS = Finder(_find_users, "user", "Part of their name", coded=False)
UNITS = Finder(_find_units, "unit")
