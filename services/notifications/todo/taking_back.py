"""What was passed on to somebody who stands to the record no more goes back to who passed it on.

Whom records lets see a record is told here as it changes, and passing on asks no more than that: a task says nothing of
the record, and the record itself asks again at each opening. Who is not in the newest picture is not offered; this is
for those who were, and since are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.notifications.service import service
from services.notifications.todo.models import RecordState, TodoItem
from services.notifications.todo.passing_on import give
from services.notifications.todo.standings import everybody_who_stands_to
from shared.events.envelope import Event
from shared.events.records.access import STANDING_CHANGED
from shared.work import About, Work


@service.on(STANDING_CHANGED)
def take_back(work: Work, event: Event) -> None:
    """Declared after the picture's own handler, so it sees what that kept; a picture in parts is waited for."""
    told = STANDING_CHANGED.load(event.data)
    passed = _passed_on(work, told["nominal_id"])
    if not passed or not _is_whole(work, told["nominal_id"], told["version"], told["chunks"]):
        return
    standing = set(work.session.execute(everybody_who_stands_to(told["nominal_id"])).scalars())
    for item in passed:
        if item.person_id not in standing:
            _back(work, item)


def _passed_on(work: Work, nominal_id: UUID) -> Sequence[TodoItem]:
    theirs = (
        (TodoItem.nominal_id == nominal_id) & (TodoItem.state == "open") & TodoItem.passed_on_by.is_not(None)
    )
    return (
        work.session.execute(select(TodoItem).where(theirs).order_by(TodoItem.id).with_for_update())
        .scalars()
        .all()
    )


def _is_whole(work: Work, nominal_id: UUID, version: int, chunks: int) -> bool:
    state = work.session.get(RecordState, nominal_id)
    return state is not None and state.arriving == version and len(state.chunks_in) >= chunks


def _back(work: Work, item: TodoItem) -> None:
    giver = item.passed_on_by
    item.state, item.outcome, item.closed_at = "done", "overtaken", work.now
    work.session.flush()
    if giver is not None:
        give(work, item, giver)
    work.audit("todo.take_back", About("todo_item", item.id, item.nominal_id, {"to": str(giver)}))
