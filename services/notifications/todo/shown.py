"""A person's items as a list shows them: filtered, sorted and paged in SQL, in a number of queries that never grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from services.notifications.todo.models import TodoItem
from services.notifications.todo.rules import DueState, age, due_state
from shared.access.principal import Principal
from shared.time.calendars import end_of_day
from shared.work import Work

PAGE = 25


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filter asks for."""

    due: str
    show: str
    kind: Sequence[str]
    sort: str
    page: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Of all that is on the list; `total` of what the filter lets through."""

    open: int
    overdue: int
    total: int


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item with what depends on the time."""

    item: TodoItem
    due: DueState
    age: str

    @property
    def due_at(self) -> datetime | None:
        """The last instant in time: the end of the due day, or the minute for a clock in hours."""
        if self.item.due_on is None:
            return None
        last = end_of_day(self.item.due_on)
        return min(last, self.item.late_from) if self.item.late_from else last

    def __getattr__(self, name: str) -> Any:
        return getattr(self.item, name)


def mine(principal: Principal) -> ColumnElement[bool]:
    """The person's own items; and a deputy's, those of the absent CPC's queue (PF-7/LPC.2)."""
    own = TodoItem.person_id == principal.person_id
    if not principal.deputy_for:
        return own
    return or_(own, and_(TodoItem.role == "cpc", TodoItem.unit.in_(principal.deputy_for)))


def counts(session: Session, principal: Principal, wanted: Wanted, now: datetime) -> Counts:
    is_open = TodoItem.state == "open"
    late = and_(is_open, TodoItem.late_from <= now)
    row = session.execute(
        select(
            func.count().filter(is_open),
            func.count().filter(late),
            func.count().filter(_filter(wanted, now)),
        ).where(mine(principal))
    ).one()
    return Counts(*row)


def count_open(session: Session, principal: Principal) -> int:
    is_open = TodoItem.state == "open"
    return session.execute(select(func.count()).where(mine(principal), is_open)).scalar_one()


def kinds_of(session: Session, principal: Principal) -> list[str]:
    """The kinds this list has open items of."""
    found = select(TodoItem.kind).where(mine(principal), TodoItem.state == "open").distinct()
    return list(session.execute(found).scalars())


def page_of(session: Session, principal: Principal, wanted: Wanted, now: datetime) -> list[ShownItem]:
    found = (
        select(TodoItem)
        .where(mine(principal), _filter(wanted, now))
        .order_by(*_order(wanted))
        .limit(PAGE)
        .offset((wanted.page - 1) * PAGE)
    )
    return [shown(item, now) for item in session.execute(found).scalars()]


def one(session: Session, principal: Principal, item_id: UUID, *, lock: bool = False) -> TodoItem | None:
    """None for somebody else's, as for one that never was."""
    found = select(TodoItem).where(TodoItem.id == item_id, mine(principal))
    return session.execute(found.with_for_update() if lock else found).scalar_one_or_none()


def has_item(work: Work, clock_id: UUID) -> bool:
    """Whether the deadline is, or was, on this person's own list."""
    mine_of = select(TodoItem.id).where(TodoItem.clock_id == clock_id, mine(work.principal))
    return work.session.execute(mine_of.limit(1)).first() is not None


def shown(item: TodoItem, now: datetime) -> ShownItem:
    return ShownItem(item, due_state(item.due_on, item.late_from, now), age(item.raised_at, now))


def _filter(wanted: Wanted, now: datetime) -> ColumnElement[bool]:
    asked = [TodoItem.state == wanted.show]
    if wanted.due == "overdue":
        asked.append(TodoItem.late_from <= now)
    elif wanted.due == "not_overdue":
        asked.append(or_(TodoItem.late_from.is_(None), TodoItem.late_from > now))
    if wanted.kind:
        asked.append(TodoItem.kind.in_(wanted.kind))
    return and_(*asked)


def _order(wanted: Wanted) -> list[Any]:
    """Important first, then what is due soonest; unless a column was asked for. The id makes it a whole order."""
    if wanted.show == "done" and not wanted.sort:
        return [TodoItem.closed_at.desc(), TodoItem.id.desc()]
    due = TodoItem.due_on.asc().nulls_last()
    orders: dict[str, list[Any]] = {
        "": [TodoItem.important.desc(), due, TodoItem.raised_at.desc()],
        "task": [TodoItem.title, due],
        "-task": [TodoItem.title.desc(), due],
        "due": [due, TodoItem.important.desc()],
        "-due": [TodoItem.due_on.desc().nulls_last(), TodoItem.important.desc()],
        "raised": [TodoItem.raised_at],
        "-raised": [TodoItem.raised_at.desc()],
    }
    return [*orders[wanted.sort], TodoItem.id]
