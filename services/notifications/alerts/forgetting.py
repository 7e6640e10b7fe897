"""A deleted nominal is forgotten: nothing here names it any more."""

from __future__ import annotations

from sqlalchemy import delete, update

from services.notifications.deadlines.models import Clock
from services.notifications.service import service
from services.notifications.todo.models import (
    Change,
    ClosedRecord,
    Picture,
    ReadMark,
    RecordState,
    Standing,
    TodoItem,
)
from shared.events.envelope import Event
from shared.events.records.nominals import NOMINAL_DELETED
from shared.work import Work


@service.on(NOMINAL_DELETED)
def forget(work: Work, event: Event) -> None:
    """Items, changes and standings go; a clock stays for the statistics, without the nominal, and runs no more."""
    nominal_id = NOMINAL_DELETED.load(event.data)["nominal_id"]
    for table in (TodoItem, Change, ClosedRecord, ReadMark, Standing, Picture, RecordState):
        work.session.execute(delete(table).where(table.nominal_id == nominal_id))
    running = (Clock.nominal_id == nominal_id) & (Clock.state != "met")
    work.session.execute(update(Clock).where(running).values(state="met", next_at=None))
    work.session.execute(update(Clock).where(Clock.nominal_id == nominal_id).values(nominal_id=None))
