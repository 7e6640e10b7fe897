"""Putting an item off within its deadline, passing it on, taking an outcome back, closing several at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from services.notifications.deadlines.models import Clock, ClockPerson
from services.notifications.delivery.rules import Addressee
from services.notifications.service import service
from services.notifications.todo import shown
from services.notifications.todo.colleagues import who_may_have
from services.notifications.todo.commands import close_item, opened
from services.notifications.todo.counting import forget
from services.notifications.todo.items import as_it_was, raise_items
from services.notifications.todo.merged import follow, merges_of
from services.notifications.todo.models import TodoItem
from services.notifications.todo.pending import write
from services.notifications.todo.rules import may_be_put_back, note_problem, put_off_problem
from services.notifications.todo.schemas import (
    ClosedAnswer,
    ManyAnswer,
    ManyInput,
    OutcomesInput,
    PassOnInput,
    PutOffInput,
    TodoAnswer,
)
from services.notifications.todo.shown import ShownItem
from shared.declarations import FormPage
from shared.refusals import Invalid, NotFound, Refusal
from shared.time.words import in_words
from shared.work import About, Work

_ITEM = "/todo/<uuid:item_id>"


def about_item(work: Work, *, item_id: UUID) -> dict[str, Any]:
    """For a form: which item it is about. Raises NotFound, or Refusal for one that is off the list."""
    item = opened(work, item_id, lock=False)
    return {"about": f"{item.title}, due {in_words(item.due_on)}" if item.due_on else item.title}


def about_passing_on(work: Work, *, item_id: UUID) -> dict[str, Any]:
    """The same where somebody else may have it. Raises Refusal where nobody may."""
    item = opened(work, item_id, lock=False)
    if not who_may_have(work.session, item, work.principal.agency):
        what = "Nobody else of your agency may see this task, so it cannot be passed on."
        raise Refusal("R34", what=what, nominal_id=item.nominal_id)
    return {"about": item.title}


@service.command(
    "todo.put_off",
    path=f"{_ITEM}/later",
    input=PutOffInput,
    answer=TodoAnswer,
    form=FormPage(
        title="Put it off",
        button="Put it off",
        done="The task is put off. It comes back on that day, or with the next reminder.",
        next="/todo",
        path=f"{_ITEM}/later/new",
        intro="Until the day on which it is due, at most. The deadline goes on meanwhile.",
        values=about_item,
    ),
)
def put_off(work: Work, *, item_id: UUID, to: Any) -> ShownItem:
    """Out of sight until a day within its deadline."""
    item = opened(work, item_id)
    if wrong := put_off_problem(to, item.due_on, work.today, important=item.important):
        raise Invalid({"to": [wrong]})
    item.put_off_to = to
    forget(work.runtime, work.principal.person_id)
    work.concerns(nominal_id=item.nominal_id, subject=("todo_item", item_id), to=to.isoformat())
    return shown.shown(item, work.now)


@service.command(
    "todo.pass_on",
    path=f"{_ITEM}/colleague",
    input=PassOnInput,
    answer=TodoAnswer,
    form=FormPage(
        title="Pass it on",
        button="Pass it on",
        done="The task is on your colleague’s list now, and off yours.",
        next="/todo",
        path=f"{_ITEM}/colleague/new",
        intro="Only colleagues who may see it are offered: those who stand to the record, or hold the same role.",
        values=about_passing_on,
    ),
)
def pass_on(work: Work, *, item_id: UUID, person_id: UUID) -> ShownItem:
    """To a colleague who may see it; its reminders go there too, and if it becomes late both are told."""
    item = opened(work, item_id)
    offered = dict(who_may_have(work.session, item, work.principal.agency))
    if person_id not in offered:
        raise Invalid({"person_id": ["Choose a colleague from the list: only they may see it"]})
    give(work, item, person_id)
    item.state, item.outcome = "done", "passed_on"
    item.closed_at, item.closed_by = work.now, work.principal.person_id
    forget(work.runtime, work.principal.person_id)
    work.concerns(nominal_id=item.nominal_id, subject=("todo_item", item_id), to=str(person_id))
    return shown.shown(item, work.now)


@service.command(
    "todo.close_many",
    path="/todo/outcomes",
    input=OutcomesInput,
    answer=ClosedAnswer,
    form=FormPage(
        title="What came of these tasks?",
        button="Save outcome",
        done="The outcome is saved, and the tasks are off your list.",
        next="/todo?closed={closed}",
        cancel="/todo",
        path="/todo/outcomes/new",
    ),
)
def close_many(work: Work, *, items: Sequence[UUID], outcome: str, note: str) -> dict[str, Any]:
    """One outcome for several; each is audited by itself. What is off the list already stays as it is."""
    if problem := note_problem(outcome, note):
        raise Invalid({"note": [problem]})
    found = [item for item in _mine(work, items) if item.state == "open"]
    for item in found:
        close_item(work, item, outcome, note.strip())
        _audit(work, "todo.close", item, outcome=outcome)
    work.concerns(count=len(found))
    closed = ",".join(str(item.id) for item in found)
    return {"done": len(found), "left": len(set(items)) - len(found), "closed": closed}


@service.command(
    "todo.put_back",
    path="/todo/back",
    input=ManyInput,
    answer=ManyAnswer,
    form=FormPage(
        title="Put back on the list",
        button="Put back",
        done="Back on your list.",
        next="/todo",
        path="/todo/back/new",
    ),
)
def put_back(work: Work, *, items: Sequence[UUID]) -> dict[str, int]:
    """Take back an outcome that a person gave, as long as the task behind it is not done."""
    # Before the items themselves, as a merge does, so that neither waits for the other.
    merges = merges_of(work, _nominals(work, items))
    found = [item for item in _mine(work, items) if _may_come_back(work, item)]
    for item in found:
        follow(work, item, merges)
        item.state, item.outcome, item.note = "open", None, None
        item.closed_at = item.closed_by = item.put_off_to = None
        _audit(work, "todo.put_back", item)
    if not found:
        raise Refusal("R34", what="What was done cannot be taken back.")
    forget(work.runtime, work.principal.person_id)
    work.concerns(count=len(found))
    return {"done": len(found), "left": len(set(items)) - len(found)}


def _may_come_back(work: Work, item: TodoItem) -> bool:
    if item.state != "done" or not may_be_put_back(item.outcome):
        return False
    clock = work.session.get(Clock, item.clock_id) if item.clock_id else None
    return clock is None or clock.state != "met"


def give(work: Work, item: TodoItem, person_id: UUID) -> None:
    """The same task on this person's list, and its reminders with it."""
    raise_items(work, as_it_was(work, item), [Addressee(person_id, item.role, item.unit)])
    write(work)
    theirs = (TodoItem.person_id == person_id) & (TodoItem.cause == item.cause) & (TodoItem.kind == item.kind)
    again = {"state": "open", "outcome": None, "closed_at": None, "closed_by": None, "put_off_to": None}
    given = {**again, "passed_on_by": work.principal.person_id}
    work.session.execute(update(TodoItem).where(theirs).values(given))
    if item.clock_id is not None:
        _hand_reminders(work, item, person_id)


def _hand_reminders(work: Work, item: TodoItem, person_id: UUID) -> None:
    """Whoever has the task is reminded of it."""
    own = (ClockPerson.deadline_id == item.clock_id) & (ClockPerson.person_id == item.person_id)
    work.session.execute(delete(ClockPerson).where(own))
    row = {"deadline_id": item.clock_id, "person_id": person_id, "role": item.role, "unit": item.unit}
    work.session.execute(insert(ClockPerson).values(row).on_conflict_do_nothing())


def _mine(work: Work, items: Sequence[UUID]) -> Sequence[TodoItem]:
    """Those of these that are on this person's list, locked in one order. Raises NotFound where none is."""
    whose = shown.mine(work.session, work.principal, work.today)
    found = select(TodoItem).where(TodoItem.id.in_(items), whose).order_by(TodoItem.id)
    rows = work.session.execute(found.with_for_update()).scalars().all()
    if not rows:
        raise NotFound
    return rows


def _nominals(work: Work, items: Sequence[UUID]) -> set[UUID]:
    """Which records those of these that are on this person's list are about."""
    whose = shown.mine(work.session, work.principal, work.today)
    found = work.session.execute(select(TodoItem.nominal_id).where(TodoItem.id.in_(items), whose))
    return {one for one in found.scalars() if one is not None}


def _audit(work: Work, action: str, item: TodoItem, **facts: Any) -> None:
    work.audit(action, About("todo_item", item.id, item.nominal_id, facts))
