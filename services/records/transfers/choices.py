"""What the forms of a transfer offer."""

from __future__ import annotations

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import Session

from services.records.transfers.rules import answers_for
from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.reference import mappa
from shared.reference.estate import agencies
from shared.web import guard
from shared.web.forms import Choice, Finder

_person, _grant, _unit = DIRECTORY.person, DIRECTORY.grant, DIRECTORY.unit
_MANAGING = ("delivery_unit", "force", "national")
_OWNING_KINDS = ("probation", "police")


def units(_context: object = None) -> list[tuple[str, str]]:
    """Every unit that can manage a person, of any agency that owns records."""
    found = (
        select(_unit.c.code, _unit.c.name)
        .where(_unit.c.kind.in_(_MANAGING), _unit.c.agency.in_(_owning()))
        .order_by(_unit.c.name)
    )
    with Session(guard.runtime().database.reading) as session:
        return [(code, name) for code, name in session.execute(found)]


def _owning() -> list[str]:
    return [agency.code for agency in agencies() if agency.kind in _OWNING_KINDS]


def categories(_context: object = None) -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in mappa.categories().values()]


def find_managers(text: str, most: int) -> list[Choice]:
    """Active holders of the manager token, of any area or force, by name and unit; or the one with this id."""
    if not text.strip():
        return []
    found = (
        select(_person.c.id, _person.c.name, _unit.c.name)
        .join(_grant, (_grant.c.person_id == _person.c.id) & (_grant.c.name == "manager"))
        .join(_unit, _unit.c.code == _person.c.unit)
        .where(_person.c.active, _unit.c.agency.in_(_owning()))
        .distinct()
        .order_by(_person.c.name, _unit.c.name, _person.c.id)
    )
    for word in text.split():
        called = (each.icontains(word, autoescape=True) for each in (_person.c.name, _unit.c.name))
        found = found.where(or_(*called, cast(_person.c.id, String) == word.lower()))
    with Session(guard.runtime().database.reading) as session:
        rows = session.execute(found.limit(most)).all()
    return [Choice(str(id), name, f"In {unit}") for id, name, unit in rows]


MANAGERS = Finder(find_managers, "manager", "Part of the name, or the unit", listed=False)


def managers(_context: object = None) -> list[tuple[str, str]]:
    return _holders("manager")


def supervisors(_context: object = None) -> list[tuple[str, str]]:
    return _holders("supervisor")


def _holders(token: str) -> list[tuple[str, str]]:
    """Active holders of the token in the areas and forces for which one answers."""
    with Session(guard.runtime().database.reading) as session:
        owners = answers_for(guard.principal())
        codes = {code for owner in owners for code in read_model.below(session, owner)}
        found = (
            select(_person.c.id, _person.c.name)
            .join(_grant, _grant.c.person_id == _person.c.id)
            .where(_grant.c.name == token, _person.c.active, _person.c.unit.in_(codes))
            .distinct()
            .order_by(_person.c.name)
        )
        return [(str(id), name) for id, name in session.execute(found)]
