"""How a clock appears on people's lists, and what every fact about it carries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.notifications.deadlines.catalogue import Entry
from services.notifications.deadlines.models import Clock
from services.notifications.todo.task import Task
from shared.ids import derived_id

# What of a task is kept with the clock; the rest is the clock's own.
_KEPT = ("kind", "title", "cause", "clause", "link", "important", "pinned", "detail")


def kept(task: Task) -> dict[str, Any]:
    return {name: getattr(task, name) for name in _KEPT}


def own_task(entry: Entry, cause: UUID) -> Task:
    """The item of a duty that no fact of another area words: it is worded, and said to be done, here."""
    return Task(
        kind=f"deadline_{entry.code.lower()}",
        title=entry.duty,
        cause=str(cause),
        clause=entry.clause,
        link=f"/notifications/deadlines/{derived_id('deadline', entry.code, entry.subject, cause)}",
    )


def task_of(clock: Clock) -> Task:
    """The item of those who must act."""
    return Task(
        **clock.task,
        subject_kind=clock.subject_kind,
        subject_id=clock.subject_id,
        nominal_id=clock.nominal_id,
        clock_id=clock.id,
        due_on=clock.due_on,
        late_from=clock.late_from,
    )


def rung_task(clock: Clock, number: int) -> Task:
    """The item of a rung's holders: that it was not done, and what."""
    duty = task_of(clock)
    return Task(
        kind="escalation",
        title=f"Not done in time: {duty.title[:1].lower()}{duty.title[1:]}",
        cause=f"{clock.id}:{number}",
        clause=duty.clause,
        link=f"/notifications/deadlines/{clock.id}",
        important=True,
        detail=duty.detail,
        subject_kind=duty.subject_kind,
        subject_id=duty.subject_id,
        nominal_id=duty.nominal_id,
        clock_id=clock.id,
        due_on=duty.due_on,
        late_from=duty.late_from,
    )


def about(clock: Clock) -> dict[str, Any]:
    return {
        "deadline_id": clock.id,
        "code": clock.code,
        "subject_kind": clock.subject_kind,
        "subject_id": clock.subject_id,
        "nominal_id": clock.nominal_id,
    }
