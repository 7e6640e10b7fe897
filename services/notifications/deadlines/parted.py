"""A merge is undone: what waits for the record that is back is that record's, though it was raised of the other."""

from __future__ import annotations

from sqlalchemy import Text, cast, func, update
from sqlalchemy.dialects.postgresql import JSONB

from services.notifications.deadlines.models import Clock
from services.notifications.service import service
from services.notifications.todo.models import TodoItem
from shared.events.envelope import Event
from shared.events.records.merging import NOMINAL_UNMERGED
from shared.work import Work

_QUIETLY = {"synchronize_session": False}


@service.on(NOMINAL_UNMERGED)
def give_what_waits(work: Work, event: Event) -> None:
    """What was added since and was assigned (PF-4.16m): its clocks and open items, with where they lead.

    What is off the list stays, with its note: that is sealed under the key of the record for which it was written.
    """
    told = NOMINAL_UNMERGED.load(event.data)
    into, gone = told["nominal_id"], told["gone_id"]
    clocks = update(Clock).where(Clock.nominal_id == into, Clock.subject_id.in_(told["waiting"]))
    leads = cast(func.replace(cast(Clock.task, Text), str(into), str(gone)), JSONB)
    work.session.execute(clocks.values(nominal_id=gone, task=leads), execution_options=_QUIETLY)
    items = update(TodoItem).where(
        TodoItem.nominal_id == into,
        TodoItem.subject_id.in_(told["waiting"]),
        TodoItem.state == "open",
    )
    link = func.replace(TodoItem.link, str(into), str(gone))
    work.session.execute(items.values(nominal_id=gone, link=link), execution_options=_QUIETLY)
