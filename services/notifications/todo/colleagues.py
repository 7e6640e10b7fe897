"""To whom an item may be passed on, and who may cover: active colleagues whom the record, or the role, lets see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.notifications.todo.covering import NEVER_COVERED
from services.notifications.todo.models import TodoItem
from services.notifications.todo.standings import who_stand_to
from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.web import guard

_person, _grant = DIRECTORY.person, DIRECTORY.grant
_MOST, MOST_FOUND = 200, 50
Named = tuple[str, str]


def who_may_have(session: Session, item: TodoItem, agency: str) -> Sequence[tuple[UUID, str]]:
    """People of the same agency: those who stand to the record (as records told it), or hold the item's role there."""
    if item.role in NEVER_COVERED:
        return []
    if item.nominal_id is not None:
        return _people(
            session, _person.c.id.in_(who_stand_to(item.nominal_id, agency)), agency, item.person_id
        )
    holding = select(_grant.c.person_id).where(_grant.c.name == item.role, _grant.c.unit == item.unit)
    return _people(session, _person.c.id.in_(holding), agency, item.person_id)


def of_unit(session: Session, person_id: UUID) -> Sequence[tuple[UUID, str]]:
    """The active colleagues of somebody's own unit."""
    row = session.execute(select(_person.c.unit, _person.c.agency).where(_person.c.id == person_id)).first()
    return _people(session, _person.c.unit == row.unit, row.agency, person_id) if row else []


def named_like(session: Session, units: Iterable[str], name: str) -> Sequence[read_model.PersonCard]:
    """Active people of these units, and of those under them, with this in their name."""
    under = {code for unit in units for code in read_model.below(session, unit)}
    found = select(_person.c.id).where(
        _person.c.active, _person.c.unit.in_(under), _person.c.name.icontains(name, autoescape=True)
    )
    ids = session.execute(found.order_by(_person.c.name, _person.c.id).limit(MOST_FOUND)).scalars().all()
    known = read_model.people(session, ids)
    return [known[one] for one in ids if one in known]


def _people(
    session: Session, which: ColumnElement[bool], agency: str, but: UUID
) -> Sequence[tuple[UUID, str]]:
    found = select(_person.c.id, _person.c.name).where(
        which, _person.c.active, _person.c.agency == agency, _person.c.id != but
    )
    rows = session.execute(found.order_by(_person.c.name, _person.c.id).limit(_MOST))
    return [(row.id, row.name) for row in rows]


def choices_for_item(context: Mapping[str, Any] | None) -> list[Named]:
    """The options of the form that passes an item on."""
    item_id = (context or {}).get("item_id")
    if not isinstance(item_id, UUID):
        return []
    with guard.runtime().database.session() as session:
        item = session.get(TodoItem, item_id)
        return _options(who_may_have(session, item, guard.principal().agency) if item else [])


def choices_for_cover(context: Mapping[str, Any] | None) -> list[Named]:
    whose = (context or {}).get("person_id") or guard.principal().person_id
    with guard.runtime().database.session() as session:
        return _options(of_unit(session, whose))


def _options(people: Sequence[tuple[UUID, str]]) -> list[Named]:
    return [("", "Choose a colleague"), *((str(one), name) for one, name in people)]
