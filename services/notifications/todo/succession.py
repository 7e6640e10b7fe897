"""Passing on what is open about a record, and what runs, to whoever follows in the same part of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from services.notifications.deadlines.models import Clock, ClockPerson
from services.notifications.delivery.people import resolve
from services.notifications.delivery.rules import Addressee, Named
from services.notifications.todo.items import as_it_was, raise_items
from services.notifications.todo.models import TodoItem
from services.notifications.todo.pending import write
from shared.work import NOBODY, Work

Successor = Callable[[TodoItem], Named | None]
# That somebody took the record over is news for them alone: it ends with their part, and nobody follows in it.
_OWN_NEWS = ("handed_over",)


def pass_items(
    work: Work,
    nominal_id: UUID,
    successor: Successor,
    *,
    but: ColumnElement[bool] | None = None,
    otherwise: Named | None = None,
) -> None:
    """Each open item goes to its successor, if it has one; of `but` nothing is touched.

    Where nobody has the successor's part (the police have no case administrators) it goes to `otherwise`: none is lost.
    """
    write(work)
    which = [TodoItem.nominal_id == nominal_id, TodoItem.state == "open"]
    found = select(TodoItem).where(*which, *(() if but is None else (~but,))).order_by(TodoItem.id)
    over: list[UUID] = []
    for item in work.session.execute(found.with_for_update()).scalars().all():
        follows = successor(item)
        if follows is None:
            continue
        if item.kind not in _OWN_NEWS:
            people = resolve(work, [follows]).people
            raise_anew(work, item, people or resolve(work, [otherwise] if otherwise else []).people)
        over.append(item.id)
    done = {"state": "done", "outcome": "overtaken", "closed_at": work.now}
    work.session.execute(update(TodoItem).where(TodoItem.id.in_(over)).values(done))


def pass_reminders(
    work: Work, nominal_id: UUID, part: str, previous: UUID | None, holder: UUID, unit: str
) -> None:
    """Clocks that run, or stand still, remind whoever follows; where nobody had the part, whoever has it now."""
    clocks = select(Clock.id).where(Clock.nominal_id == nominal_id, Clock.state.in_(("running", "paused")))
    theirs: Any = ClockPerson.deadline_id.in_(clocks) & (ClockPerson.role == part)
    theirs &= ClockPerson.person_id == (previous or NOBODY)
    kept = select(ClockPerson.deadline_id, literal(holder), ClockPerson.role, literal(unit)).where(theirs)
    names = ["deadline_id", "person_id", "role", "unit"]
    work.session.execute(insert(ClockPerson).from_select(names, kept).on_conflict_do_nothing())
    work.session.execute(delete(ClockPerson).where(theirs, ClockPerson.person_id != holder))


def raise_anew(work: Work, item: TodoItem, people: tuple[Addressee, ...]) -> None:
    """Whoever had it before and passed it on has it again; what they said was done stays done."""
    raise_items(work, as_it_was(work, item), people)
    write(work)
    had = (TodoItem.cause == item.cause) & (TodoItem.kind == item.kind)
    had &= TodoItem.person_id.in_([one.person_id for one in people])
    had &= TodoItem.outcome.in_(("overtaken", "passed_on"))
    again = {"state": "open", "outcome": None, "closed_at": None, "closed_by": None, "put_off_to": None}
    dated = {"due_on": item.due_on, "late_from": item.late_from}
    work.session.execute(update(TodoItem).where(had).values({**again, **dated}))
