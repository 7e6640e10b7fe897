"""When a record went to others, what was to be done on it is its new people's (PF-1.4.1, PF-4.38.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import update

from services.notifications.deadlines.models import Clock
from services.notifications.delivery.rules import Named
from services.notifications.service import service
from services.notifications.todo.models import TodoItem
from services.notifications.todo.standings import holders_of, is_told
from services.notifications.todo.succession import pass_items, pass_reminders
from shared.events.envelope import Event
from shared.events.records.hand_over import HOLDER_CHANGED
from shared.events.records.transfers import TRANSFER_COMPLETED
from shared.work import Work

# Who looks after a record by its unit or its owner, and follows with it. Holders elsewhere (a partner's unit, a prison)
# keep what is theirs.
_OF_UNIT = {
    "lpc": "managing_unit",
    "mappa_administrator": "managing_unit",
    "case_administrator": "managing_unit",
    "cpc": "to_owner",
}
_BEFORE = ("previous_unit", "from_owner")
# What only tells of the transfer itself stays with whom it was told.
_STAYS = "transfer_"


@service.on(TRANSFER_COMPLETED)
def when_transferred(work: Work, event: Event) -> None:
    """Open duties go to who follows in the same part, or where nobody does to the new manager; clocks go along."""
    told = TRANSFER_COMPLETED.load(event.data)
    stays = TodoItem.kind.like(f"{_STAYS}%")
    manager = Named(told["manager_id"], "manager", told["managing_unit"])
    pass_items(work, told["nominal_id"], lambda item: _successor(told, item), but=stays, otherwise=manager)
    _move_clocks(work, told)


@service.on(HOLDER_CHANGED)
def when_handed_over(work: Work, event: Event) -> None:
    """Within an area the unit stays: only what its manager, or its supervisor, had to do goes along."""
    told = HOLDER_CHANGED.load(event.data)
    nominal_id, part, unit = told["nominal_id"], told["role"], told["managing_unit"]
    holder = _holder_now(work, event.agency, told)
    if holder is None or holder == told["previous_id"]:
        return

    def successor(item: TodoItem) -> Named | None:
        theirs = item.person_id == told["previous_id"] or _stood_in(item, unit)
        follows = item.role == part and theirs and item.person_id != holder
        return Named(holder, part, unit) if follows else None

    pass_items(work, nominal_id, successor)
    pass_reminders(work, nominal_id, part, told["previous_id"], holder, unit)


def _whose(item: TodoItem) -> UUID:
    """What somebody has for a colleague who is away is the colleague's."""
    return item.stands_in_for or item.person_id


def _stood_in(item: TodoItem, unit: str) -> bool:
    """As the next holder in the unit, for somebody suspended or gone; what a colleague passed on stays with them."""
    return item.unit == unit and item.passed_on_by is None


def _holder_now(work: Work, agency: str, told: Mapping[str, Any]) -> UUID | None:
    """Whoever has the part as records told it last; None where the record is closed to them meanwhile.

    Facts may overtake each other: as long as no picture knows of this hand-over, it speaks for itself.
    """
    holder: UUID = told["holder_id"]
    if not is_told(work.session, told["nominal_id"], agency, told["standing_version"]):
        return holder
    holders = holders_of(work.session, told["nominal_id"], told["role"])
    return holder if holder in holders else next(iter(holders), None)


def _successor(told: Mapping[str, Any], item: TodoItem) -> Named | None:
    role = item.role
    if role in ("manager", "supervisor") and _whose(item) == told[f"previous_{role}_id"]:
        return Named(told[f"{role}_id"], role, told["managing_unit"])
    if role in _OF_UNIT and item.unit in [told[name] for name in _BEFORE]:
        return Named(None, role, told[_OF_UNIT[role]])
    return None


def _move_clocks(work: Work, told: Mapping[str, Any]) -> None:
    running = Clock.nominal_id == told["nominal_id"], Clock.state.in_(("running", "paused"))
    moved = update(Clock).where(*running, Clock.unit == told["previous_unit"])
    work.session.execute(moved.values(unit=told["managing_unit"]))
    for part in ("manager", "supervisor"):
        previous, holder = told[f"previous_{part}_id"], told[f"{part}_id"]
        pass_reminders(work, told["nominal_id"], part, previous, holder, told["managing_unit"])
