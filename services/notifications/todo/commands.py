"""Saying what came of an item, and that changes were seen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.notifications.service import service
from services.notifications.todo.changes import mark_read
from services.notifications.todo.counting import forget
from services.notifications.todo.models import TodoItem
from services.notifications.todo.queries import NOTE
from services.notifications.todo.rules import note_problem
from services.notifications.todo.schemas import OutcomeInput, ReadInput, TodoAnswer
from services.notifications.todo.shown import ShownItem, one, shown
from shared.declarations import FormPage
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Done
from shared.work import Work

# How an item came off the list, after "This task is off your list already:".
_OFF = {
    "actioned": "it was marked as done",
    "no_action": "it was marked as needing no action",
    "met": "it was done in time, or by somebody else",
    "overtaken": "it is no longer needed",
    "passed_on": "it was passed on",
}


def opened(work: Work, item_id: UUID, *, lock: bool = True) -> TodoItem:
    """An open one, locked by whoever changes it. Raises NotFound, or Refusal for one that is off the list."""
    item = one(work, item_id, lock=lock)
    if item is None:
        raise NotFound
    if item.state == "done":
        raise Refusal("R53", how=_OFF[item.outcome or "overtaken"], nominal_id=item.nominal_id)
    return item


def about(work: Work, *, item_id: UUID) -> dict[str, Any]:
    """For a form, which changes nothing yet: it waits for nobody and makes nobody wait."""
    return {"about": opened(work, item_id, lock=False).title}


@service.command(
    "todo.close",
    path="/todo/<uuid:item_id>/outcome",
    input=OutcomeInput,
    answer=TodoAnswer,
    form=FormPage(
        title="Take it off your list",
        button="Save outcome",
        done="The outcome is saved and the item is off your list.",
        next="/todo?closed={id}",
        cancel="/todo/{item_id}",
        values=about,
    ),
)
def close(work: Work, *, item_id: UUID, outcome: str, note: str) -> ShownItem:
    """Take an item off one's list with its outcome (PF-4.30.1). A deadline behind it goes on until its task is done."""
    item = opened(work, item_id)
    if problem := note_problem(outcome, note):
        raise Invalid({"note": [problem]})
    close_item(work, item, outcome, note.strip())
    said = note.strip() or None
    work.concerns(nominal_id=item.nominal_id, subject=("todo_item", item_id), private=said, outcome=outcome)
    return shown(item, work.now)


def close_item(work: Work, item: TodoItem, outcome: str, note: str) -> None:
    """Off the list, with what came of it; the note is kept under the nominal's own key."""
    item.state, item.outcome = "done", outcome
    item.closed_at, item.closed_by = work.now, work.principal.person_id
    item.note = work.runtime.encrypt(item.nominal_id, NOTE, note) if note else None
    forget(work.runtime, work.principal.person_id)


@service.command(
    "changes.mark_read",
    path="/changes/<uuid:nominal_id>/read",
    input=ReadInput,
    answer=Done,
    form=FormPage(
        title="Mark the changes as read",
        button="Mark as read",
        done="The changes are marked as read.",
        next="/changes",
    ),
)
def mark_changes_read(work: Work, *, nominal_id: UUID, through: int) -> None:
    """Say that one has seen a record's changes up to this one."""
    mark_read(work, work.principal.person_id, nominal_id, through)
    work.concerns(nominal_id=nominal_id, through=through)
