"""A person's items as a list shows them: filtered, sorted and paged in SQL, in a number of queries that never grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from services.notifications.todo.covering import NEVER_COVERED, covered_by
from services.notifications.todo.models import TodoItem
from services.notifications.todo.rules import SOON_DAYS, DueState, age, due_state
from services.notifications.todo.standings import stood_to
from shared.access.principal import Principal
from shared.time.calendars import end_of_day, london_day
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
    important: bool = False

    @property
    def state(self) -> str:
        return "done" if self.show == "done" else "open"


@dataclass(frozen=True, slots=True)
class Counts:
    """Of all that is on the list; `total` of what the filter lets through; `kinds` those of what is open."""

    open: int
    overdue: int
    put_off: int
    total: int
    kinds: tuple[str, ...]


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


def mine(session: Session, principal: Principal, today: date) -> ColumnElement[bool]:
    """The person's own items, a deputy's those of the absent CPC's queue (PF-7/LPC.2), and those of whom one covers
    for.

    Of a colleague's only what the person may see anyway: a record they stand to themselves, or no record at all.
    """
    parts = [TodoItem.person_id == principal.person_id]
    if principal.deputy_for:
        parts.append(and_(TodoItem.role == "cpc", TodoItem.unit.in_(principal.deputy_for)))
    if away := covered_by(session, principal.person_id, today):
        seen = or_(TodoItem.nominal_id.is_(None), TodoItem.nominal_id.in_(stood_to(principal.person_id)))
        parts.append(and_(TodoItem.person_id.in_(away), TodoItem.role.not_in(NEVER_COVERED), seen))
    return or_(*parts)


def to_do_now(today: date) -> ColumnElement[bool]:
    """Open, and not put off to a later day."""
    return and_(TodoItem.state == "open", _here(today))


def counts(session: Session, whose: ColumnElement[bool], wanted: Wanted, now: datetime) -> Counts:
    """What is open is counted from its index alone: nothing here looks at a column that is not in it."""
    here, later = _here(london_day(now)), TodoItem.put_off_to > london_day(now)
    counted = (
        select(
            TodoItem.kind,
            func.count().filter(here),
            func.count().filter(and_(here, TodoItem.late_from <= now)),
            func.count().filter(later),
            func.count().filter(_narrowed(wanted, now)),
        )
        .where(whose, TodoItem.state == "open")
        .group_by(TodoItem.kind)
    )
    rows = session.execute(counted).all()
    open_, overdue, put_off, total = (sum(int(row[place]) for row in rows) for place in (1, 2, 3, 4))
    if wanted.state == "done":
        done = select(func.count()).where(whose, _filter(wanted, now))
        total = session.execute(done).scalar_one()
    return Counts(open_, overdue, put_off, total, tuple(row[0] for row in rows))


def count_open(session: Session, principal: Principal, today: date) -> int:
    whose = mine(session, principal, today)
    return session.execute(select(func.count()).where(whose, to_do_now(today))).scalar_one()


def page_of(session: Session, whose: ColumnElement[bool], wanted: Wanted, now: datetime) -> list[ShownItem]:
    found = (
        select(TodoItem)
        .where(whose, _filter(wanted, now))
        .order_by(*_order(wanted))
        .limit(PAGE)
        .offset((wanted.page - 1) * PAGE)
    )
    return [shown(item, now) for item in session.execute(found).scalars()]


def one(work: Work, item_id: UUID, *, lock: bool = False) -> TodoItem | None:
    """None for somebody else's, as for one that never was."""
    session = work.session
    found = select(TodoItem).where(TodoItem.id == item_id, mine(session, work.principal, work.today))
    return session.execute(found.with_for_update() if lock else found).scalar_one_or_none()


def has_item(work: Work, clock_id: UUID) -> bool:
    """Whether the deadline is, or was, on this person's own list."""
    mine_of = select(TodoItem.id).where(
        TodoItem.clock_id == clock_id, mine(work.session, work.principal, work.today)
    )
    return work.session.execute(mine_of.limit(1)).first() is not None


def shown(item: TodoItem, now: datetime) -> ShownItem:
    return ShownItem(item, due_state(item.due_on, item.late_from, now), age(item.raised_at, now))


def _here(today: date) -> ColumnElement[bool]:
    return or_(TodoItem.put_off_to.is_(None), TodoItem.put_off_to <= today)


def _filter(wanted: Wanted, now: datetime) -> ColumnElement[bool]:
    return and_(TodoItem.state == wanted.state, _narrowed(wanted, now))


def _narrowed(wanted: Wanted, now: datetime) -> ColumnElement[bool]:
    """What the filter asks of items that are open, or done."""
    today = london_day(now)
    asked: list[ColumnElement[bool]] = [true()]
    if wanted.show == "open":
        asked.append(_here(today))
    elif wanted.show == "put_off":
        asked.append(TodoItem.put_off_to > today)
    if wanted.due == "overdue":
        asked.append(TodoItem.late_from <= now)
    elif wanted.due == "this_week":
        asked.append(and_(TodoItem.due_on <= today + timedelta(days=SOON_DAYS), TodoItem.due_on.is_not(None)))
    elif wanted.due == "not_overdue":
        asked.append(or_(TodoItem.late_from.is_(None), TodoItem.late_from > now))
    if wanted.important:
        asked.append(TodoItem.important.is_(True))
    if wanted.kind:
        asked.append(TodoItem.kind.in_(wanted.kind))
    return and_(*asked)


def _order(wanted: Wanted) -> list[Any]:
    """Pinned and important first, then what is due soonest; unless a column was asked for. The id makes it whole."""
    if wanted.show == "done" and not wanted.sort:
        return [TodoItem.closed_at.desc(), TodoItem.id.desc()]
    due = TodoItem.due_on.asc().nulls_last()
    orders: dict[str, list[Any]] = {
        "": [TodoItem.pinned.desc(), TodoItem.important.desc(), due, TodoItem.raised_at.desc()],
        "task": [TodoItem.title, due],
        "-task": [TodoItem.title.desc(), due],
        "due": [due, TodoItem.important.desc()],
        "-due": [TodoItem.due_on.desc().nulls_last(), TodoItem.important.desc()],
        "raised": [TodoItem.raised_at],
        "-raised": [TodoItem.raised_at.desc()],
    }
    return [*orders[wanted.sort], TodoItem.id]
