"""Whoever comes back gets back what others stood in for, as far as it is still open.

A deadline remembers whom its fact named; the item of somebody else in that role and unit is a stand-in's, found while
the named person was suspended. An item without one says itself for whom somebody stands in. What a colleague passed on,
and what the stand-in has done, stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.notifications.deadlines.catalogue import catalogue
from services.notifications.deadlines.models import Clock, ClockPerson
from services.notifications.delivery.people import holds
from services.notifications.delivery.rules import PERSONAL, Addressee
from services.notifications.service import service
from services.notifications.todo.models import TodoItem
from services.notifications.todo.rules import is_still_theirs
from services.notifications.todo.standings import is_somebody_else
from services.notifications.todo.succession import raise_anew
from shared.directory import read_model
from shared.directory.refresh import RETURNED
from shared.directory.tables import DIRECTORY
from shared.work import NOBODY, About, Work


@service.task(RETURNED)
def give_back(work: Work, payload: Mapping[str, Any]) -> None:
    """To each of them who is still there by now."""
    for person_id in map(UUID, payload["people"]):
        card = read_model.person(work.session, person_id)
        if card is not None and card.active:
            _give_back(work, person_id)
            _give_back_without_deadline(work, person_id)


def _give_back(work: Work, person_id: UUID) -> None:
    named = (
        select(Clock, ClockPerson)
        .join(ClockPerson, ClockPerson.deadline_id == Clock.id)
        .where(ClockPerson.person_id == person_id, Clock.state.in_(("running", "paused")))
        .where(ClockPerson.role.not_in(PERSONAL), ClockPerson.unit.is_not(None))
    )
    for clock, one in work.session.execute(named.order_by(Clock.id).with_for_update(of=Clock)).all():
        entry = catalogue().get(clock.code)
        standing_in = [] if entry is not None and entry.by_role else _standing_in(work, clock, one)
        if standing_in:
            _return(work, standing_in, one)


def _return(work: Work, standing_in: Sequence[TodoItem], named: ClockPerson) -> None:
    """One stand-in gives it up, unless each is needed for somebody else who is away still."""
    item = standing_in[0]
    raise_anew(work, item, (Addressee(named.person_id, named.role, named.unit),))
    if len(standing_in) > _still_away(work, named):
        _give_up(work, item)
    _audit(work, item, named.person_id)


def _give_back_without_deadline(work: Work, person_id: UUID) -> None:
    """What told them of something, as far as it is theirs still: meanwhile another may have the record, or the role."""
    found = select(TodoItem).where(
        TodoItem.stands_in_for == person_id,
        TodoItem.state == "open",
        TodoItem.clock_id.is_(None),
        TodoItem.passed_on_by.is_(None),
    )
    for item in work.session.execute(found.order_by(TodoItem.id).with_for_update()).scalars().all():
        if _is_still_theirs(work, item, person_id):
            raise_anew(work, item, (Addressee(person_id, item.role, item.unit),))
            _give_up(work, item)
            _audit(work, item, person_id)


def _is_still_theirs(work: Work, item: TodoItem, person_id: UUID) -> bool:
    another = item.nominal_id is not None and is_somebody_else(
        work.session, item.nominal_id, person_id, item.role
    )
    holds_it = item.unit is not None and holds(work, person_id, item.role, item.unit)
    return is_still_theirs(item.role, another_has_it=another, holds_it=holds_it)


def _give_up(work: Work, item: TodoItem) -> None:
    item.state, item.outcome, item.closed_at = "done", "overtaken", work.now


def _audit(work: Work, item: TodoItem, to: UUID) -> None:
    work.audit("todo.give_back", About("todo_item", item.id, item.nominal_id, {"to": str(to)}))


def _standing_in(work: Work, clock: Clock, named: ClockPerson) -> Sequence[TodoItem]:
    """Open items of those whom this duty does not name, in the same role and unit."""
    theirs = select(ClockPerson.person_id).where(ClockPerson.deadline_id == clock.id)
    found = select(TodoItem).where(
        TodoItem.clock_id == clock.id,
        TodoItem.kind == clock.task["kind"],
        TodoItem.state == "open",
        TodoItem.role == named.role,
        TodoItem.unit == named.unit,
        TodoItem.passed_on_by.is_(None),
        TodoItem.person_id.not_in(theirs),
    )
    return work.session.execute(found.order_by(TodoItem.id).with_for_update()).scalars().all()


def _still_away(work: Work, named: ClockPerson) -> int:
    """Others named in that role and unit who are away, or whose place was vacant."""
    person = DIRECTORY.person.c
    others = (
        select(func.count())
        .select_from(ClockPerson)
        .outerjoin(DIRECTORY.person, person.id == ClockPerson.person_id)
        .where(
            ClockPerson.deadline_id == named.deadline_id,
            ClockPerson.role == named.role,
            ClockPerson.unit == named.unit,
            ClockPerson.person_id != named.person_id,
            (ClockPerson.person_id == NOBODY) | person.active.is_(False),
        )
    )
    return int(work.session.execute(others).scalar_one())
