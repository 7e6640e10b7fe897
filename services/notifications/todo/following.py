"""When a record went to another area or agency, what was to be done on it is its new people's (PF-1.4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from services.notifications.deadlines.models import Clock, ClockPerson
from services.notifications.delivery.people import resolve
from services.notifications.delivery.rules import Named
from services.notifications.service import service
from services.notifications.todo.items import raise_items
from services.notifications.todo.models import TodoItem
from services.notifications.todo.task import Task
from shared.events.envelope import Event
from shared.events.records.transfers import TRANSFER_COMPLETED
from shared.work import Work

# Who looks after a record by its unit, and follows with the unit.
_OF_UNIT = {"lpc": "managing_unit", "mappa_administrator": "managing_unit", "cpc": "to_owner"}
# What only tells of the transfer itself stays with whom it was told.
_STAYS = "transfer_"


@service.on(TRANSFER_COMPLETED)
def when_transferred(work: Work, event: Event) -> None:
    """Open duties go to who follows in the same part; clocks that run go on for the new unit."""
    told = TRANSFER_COMPLETED.load(event.data)
    _hand_over_items(work, told)
    _hand_over_clocks(work, told)


def _successor(told: Mapping[str, Any], person_id: UUID, role: str) -> Named | None:
    for part in ("manager", "supervisor"):
        if role == part and person_id == told[f"previous_{part}_id"]:
            return Named(told[f"{part}_id"], part, told["managing_unit"])
    if role in _OF_UNIT:
        return Named(None, role, told[_OF_UNIT[role]])
    return None


def _hand_over_items(work: Work, told: Mapping[str, Any]) -> None:
    open_ones = (
        select(TodoItem)
        .where(
            TodoItem.nominal_id == told["nominal_id"],
            TodoItem.state == "open",
            TodoItem.kind.not_like(f"{_STAYS}%"),
        )
        .order_by(TodoItem.id)
        .with_for_update()
    )
    over: list[UUID] = []
    for item in work.session.execute(open_ones).scalars().all():
        follows = _successor(told, item.person_id, item.role)
        if follows is None:
            continue
        task = Task(**{name: getattr(item, name) for name in Task.__slots__})
        raise_items(work, task, resolve(work, [follows]).people)
        over.append(item.id)
    done = {"state": "done", "outcome": "overtaken", "closed_at": work.now}
    work.session.execute(update(TodoItem).where(TodoItem.id.in_(over)).values(done))


def _hand_over_clocks(work: Work, told: Mapping[str, Any]) -> None:
    running = Clock.nominal_id == told["nominal_id"], Clock.state.in_(("running", "paused"))
    moved = update(Clock).where(*running, Clock.unit == told["previous_unit"])
    work.session.execute(moved.values(unit=told["managing_unit"]))
    for part in ("manager", "supervisor"):
        if told[f"previous_{part}_id"] is None:
            continue
        theirs = update(ClockPerson).where(
            ClockPerson.deadline_id.in_(select(Clock.id).where(*running)),
            ClockPerson.person_id == told[f"previous_{part}_id"],
            ClockPerson.role == part,
        )
        work.session.execute(theirs.values(person_id=told[f"{part}_id"], unit=told["managing_unit"]))
