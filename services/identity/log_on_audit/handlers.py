"""What notifications tells of to-do lists that were opened."""

from __future__ import annotations

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from services.identity.log_on_audit.models import TodoOpened
from services.identity.service import service
from shared.events.envelope import Event
from shared.events.notifications import TODO_OPENED
from shared.work import Work


@service.on(TODO_OPENED)
def take_todo_opened(work: Work, event: Event) -> None:
    """The latest day counts, in whatever order they come (PF-4.29.1)."""
    told = TODO_OPENED.load(event.data)
    row = insert(TodoOpened).values(person_id=told["person_id"], opened_on=told["day"])
    latest = func.greatest(TodoOpened.opened_on, row.excluded.opened_on)
    work.session.execute(row.on_conflict_do_update(index_elements=["person_id"], set_={"opened_on": latest}))
