"""Putting items on people's lists and taking them off. An item told twice is one item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import String, cast, func, update

from services.notifications.deadlines.models import Clock
from services.notifications.deadlines.tasks import task_of
from services.notifications.delivery.rules import Addressee
from services.notifications.todo import pending
from services.notifications.todo.models import TodoItem
from services.notifications.todo.rules import HIDDEN
from services.notifications.todo.standings import shut_out
from services.notifications.todo.task import Task
from shared.ids import new_id
from shared.work import Work


def raise_items(work: Work, task: Task, people: Iterable[Addressee], *, at: datetime | None = None) -> None:
    """One item each, unless they have it. Written with the transaction's others: see `pending`.

    `at` is when it should have come onto the list, where that is not now. Whoever was found by their role, and is kept
    from the record by Limited Access, is told no more than that something is there; `pending` sees to whoever declared
    a conflict of interest.
    """
    people = list(people)
    strangers = _strangers(work, task, people)
    if strangers:
        hidden = replace(task, **HIDDEN)
        _raise(work, hidden, [one for one in people if one.person_id in strangers], at)
    _raise(work, task, [one for one in people if one.person_id not in strangers], at)


def as_it_was(work: Work, item: TodoItem) -> Task:
    """What the item says, for whoever has it next: what was kept from its holder alone is still its clock's to say."""
    clock = work.session.get(Clock, item.clock_id) if item.detail == "restricted" and item.clock_id else None
    if clock is not None and item.kind == clock.task["kind"]:
        return task_of(clock)
    return Task(**{name: getattr(item, name) for name in Task.__slots__})


def _strangers(work: Work, task: Task, people: Iterable[Addressee]) -> frozenset[UUID]:
    if task.nominal_id is None or task.detail == "restricted":
        return frozenset()
    found = [one.person_id for one in people if one.by_role]
    return shut_out(work.session, task.nominal_id, found) if found else frozenset()


def _raise(work: Work, task: Task, people: Iterable[Addressee], at: datetime | None) -> None:
    common = {name: getattr(task, name) for name in Task.__slots__}
    raised = {"raised_at": at or work.now}
    pending.add(
        work,
        [
            {
                **common,
                **raised,
                "id": new_id(),
                "person_id": one.person_id,
                "role": one.role,
                "unit": one.unit,
                "stands_in_for": one.stands_in_for,
            }
            for one in people
        ],
    )


def bring_back(
    work: Work, clock_id: UUID, kind: str, people: Iterable[Addressee], *, at: datetime, important: bool
) -> None:
    """Bring a clock's items to mind again; one that was put aside while the clock runs on comes back.

    Whoever has done their own part (an acknowledgement) is not reminded of what others still owe.
    """
    pending.write(work)
    ids = [one.person_id for one in people]
    mine = (TodoItem.clock_id == clock_id) & (TodoItem.kind == kind) & TodoItem.person_id.in_(ids)
    mine &= TodoItem.outcome.is_distinct_from("met")
    if not important:  # what was passed on is another's until it is late
        mine &= TodoItem.outcome.is_distinct_from("passed_on")
    again = {"reminded_at": at, "state": "open", "outcome": None, "closed_at": None, "closed_by": None}
    again["put_off_to"] = None
    if important:
        again["important"] = True
    work.session.execute(update(TodoItem).where(mine).values(again))


def raise_again(work: Work, task: Task, people: Iterable[Addressee]) -> None:
    """Raise a task that stands for a state of affairs: whoever took it off their list has it again, as new."""
    people = list(people)
    raise_items(work, task, people)
    pending.write(work)
    mine = (TodoItem.kind == task.kind) & (TodoItem.cause == task.cause) & (TodoItem.state == "done")
    mine &= TodoItem.person_id.in_([one.person_id for one in people])
    again = {"state": "open", "outcome": None, "closed_at": None, "closed_by": None, "put_off_to": None}
    work.session.execute(update(TodoItem).where(mine).values(**again, note=None, raised_at=work.now))


def move_due(
    work: Work, clock_id: UUID, due_on: date | None, late_from: datetime | None, due_was: date | None
) -> None:
    """The clock was counted anew: its open items are due on another day, and say on which they were."""
    pending.write(work)
    mine = (TodoItem.clock_id == clock_id) & (TodoItem.state == "open")
    moved = {"due_on": due_on, "late_from": late_from, "due_was": due_was if due_was != due_on else None}
    work.session.execute(update(TodoItem).where(mine).values(moved))


def close_rungs(work: Work, clock_id: UUID) -> None:
    """It is late no more: what the ladder raised is over, and gives up its cause, since it may be raised again."""
    pending.write(work)
    raised = (TodoItem.clock_id == clock_id) & (TodoItem.kind == "escalation")
    freed = {"cause": func.concat(TodoItem.cause, ":", cast(TodoItem.id, String))}
    work.session.execute(update(TodoItem).where(raised).values(freed))
    _close(work, raised, "overtaken")


def close_for_clock(work: Work, clock_id: UUID, outcome: str = "met") -> None:
    """The clock was stopped: nobody need do it any more, and nobody need say so."""
    _close(work, TodoItem.clock_id == clock_id, outcome)


def close_for_cause(work: Work, kind: str, cause: str, person_id: UUID | None = None) -> None:
    """Somebody has done it for everybody who was asked, or for `person_id` alone."""
    which = (TodoItem.kind == kind) & (TodoItem.cause == cause)
    if person_id is not None:
        which &= TodoItem.person_id == person_id
    _close(work, which, "met")


def _close(work: Work, which: object, outcome: str) -> None:
    pending.write(work)
    done = {"state": "done", "outcome": outcome, "closed_at": work.now}
    work.session.execute(update(TodoItem).where(which, TodoItem.state == "open").values(done))  # type: ignore[arg-type]
