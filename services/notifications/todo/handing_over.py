"""What becomes of the list of somebody who left: whoever comes next gets what must still be done (PF-4.38.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select, update

from services.notifications.delivery.people import resolve, rung_holders
from services.notifications.delivery.rules import PERSONAL, Addressee, Named
from services.notifications.service import service
from services.notifications.todo.items import as_it_was, raise_items
from services.notifications.todo.models import TodoItem
from shared.events.envelope import Event
from shared.events.identity.accounts import ACCOUNT_LEAVING
from shared.work import Work

_Heir = Callable[[str, str], Addressee | None]


@service.on(ACCOUNT_LEAVING)
def when_somebody_leaves(work: Work, event: Event) -> None:
    """Each open item goes to the next holder of its role, or to the CPC; what was for the person alone just ends."""
    told = ACCOUNT_LEAVING.load(event.data)
    leaver = told["person_id"]
    mine = select(TodoItem).where(TodoItem.person_id == leaver, TodoItem.state == "open")
    items = work.session.execute(mine.order_by(TodoItem.id).with_for_update()).scalars().all()
    heir = _heirs(work, leaver)
    for item in items:
        if item.role in PERSONAL:
            continue
        if next_one := heir(item.role, item.unit or told["unit"]):
            heir_s = replace(next_one, stands_in_for=item.stands_in_for)
            raise_items(work, as_it_was(work, item), [heir_s])
    over = {"state": "done", "outcome": "overtaken", "closed_at": work.now}
    ids = [item.id for item in items]
    work.session.execute(update(TodoItem).where(TodoItem.id.in_(ids)).values(over))


def _heirs(work: Work, leaver: UUID) -> _Heir:
    """Each role of each unit is asked for once."""
    known: dict[tuple[str, str], Addressee | None] = {}

    def heir(role: str, unit: str) -> Addressee | None:
        key = (role, unit)
        if key not in known:
            next_ones = resolve(work, [Named(leaver, "leaver", None), Named(None, role, unit)]).people
            found = [one for one in next_ones if one.person_id != leaver]
            above = [one for one in rung_holders(work, ["cpc"], unit).people if one.person_id != leaver]
            known[key] = next(iter([*found, *above]), None)
        return known[key]

    return heir
