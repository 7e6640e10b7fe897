"""A person's items as a list shows them: filtered, sorted and paged in SQL, in a number of queries that never grows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, column, func, or_, select
from sqlalchemy.orm import Session

from services.notifications.todo.counting import Whose
from services.notifications.todo.covering import NEVER_COVERED, covered_by
from services.notifications.todo.filtering import OPEN, Wanted, asked_for, here, order
from services.notifications.todo.models import TodoItem
from services.notifications.todo.rules import DueState, age, due_state
from services.notifications.todo.standings import closed_records, stood_to
from shared.access.principal import Principal
from shared.time.calendars import end_of_day, london_day
from shared.work import Work

PAGE = 25
# What a list shows. A note is read, and decrypted, where one item is.
_UNLISTED = {"note", "cause", "unit", "subject_kind", "subject_id", "reminded_at", "closed_at", "closed_by"}
_LISTED = tuple(one for one in TodoItem.__table__.columns if one.key not in _UNLISTED)
_NAMES = tuple(one.key for one in _LISTED)
# A list has few due days, and each of them again and again.
_end_of_day = lru_cache(1_000)(end_of_day)


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item with what depends on the time."""

    item: TodoItem
    due: DueState
    age: str

    @property
    def due_at(self) -> datetime | None:
        """The last instant in time: the end of the due day, or the minute for a clock in hours."""
        return _due_at(self.item.due_on, self.item.late_from)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.item, name)


def mine(session: Session, principal: Principal, today: date) -> ColumnElement[bool]:
    return whose(session, principal, today).where


def own(principal: Principal) -> Whose:
    """The person's own list, where they see to no other."""
    return Whose(TodoItem.person_id == principal.person_id, own_key(principal))


def own_key(principal: Principal) -> tuple[object, ...]:
    """What its counts are kept by."""
    return (principal.person_id, frozenset(), frozenset())


def whose(session: Session, principal: Principal, today: date) -> Whose:
    """The person's own items, a deputy's those of the absent CPC's queue (PF-7/LPC.2), and those of whom one covers
    for.

    Of a colleague's only what the person may see anyway: a record they stand to themselves, or no record at all. Of the
    queue nothing of a record that is closed to the deputy by a conflict of interest: they can do nothing about it, and
    it climbs past them.
    """
    parts, no_record = [TodoItem.person_id == principal.person_id], TodoItem.nominal_id.is_(None)
    if principal.deputy_for:
        open_to = or_(no_record, TodoItem.nominal_id.not_in(closed_records(principal.person_id)))
        parts.append(and_(TodoItem.role == "cpc", TodoItem.unit.in_(principal.deputy_for), open_to))
    if away := covered_by(session, principal.person_id, today):
        seen = or_(no_record, TodoItem.nominal_id.in_(stood_to(principal.person_id)))
        parts.append(and_(TodoItem.person_id.in_(away), TodoItem.role.not_in(NEVER_COVERED), seen))
    key = (principal.person_id, principal.deputy_for, frozenset(away))
    return Whose(or_(*parts), key)


def to_do_now(today: date) -> ColumnElement[bool]:
    """Open, and not put off to a later day."""
    return and_(OPEN, here(today))


def page_of(session: Session, whose: ColumnElement[bool], wanted: Wanted, now: datetime) -> list[ShownItem]:
    """One page. Which items those are is read from the list's index; only their rows are fetched, however far down."""
    ordered = (
        select(TodoItem.id)
        .where(whose, asked_for(wanted, now))
        .order_by(*order(wanted))
        .limit(PAGE)
        .offset((wanted.page - 1) * PAGE)
    )
    found = of_rows(session.execute(listed(ordered)), now)
    return found if wanted.sort else together(found)


def listed(ordered: Select[Any]) -> Select[Any]:
    """The rows of these ids, in their order."""
    ids = func.unnest(func.array(ordered.scalar_subquery()))
    these = ids.table_valued(column("id", Uuid), with_ordinality="place", name="listed").render_derived()
    return select(*_LISTED).join(these, these.c.id == TodoItem.id).order_by(these.c.place)


def of_rows(rows: Iterable[Sequence[Any]], now: datetime) -> list[ShownItem]:
    """ShownItems whose every value lies ready: a list changes nothing, and reads twenty-five of each."""
    today = london_day(now)
    return [_of_row(row, now, today) for row in rows]


def _of_row(row: Sequence[Any], now: datetime, today: date) -> ShownItem:
    plain = SimpleNamespace()
    values = plain.__dict__
    values.update(zip(_NAMES, row, strict=True))
    due_on, late_from = values["due_on"], values["late_from"]
    plain.item, plain.due_at = plain, _due_at(due_on, late_from)
    plain.due = due_state(due_on, late_from, now, today)
    plain.age = age(values["raised_at"], now, today)
    return cast("ShownItem", plain)


def _due_at(due_on: date | None, late_from: datetime | None) -> datetime | None:
    if due_on is None:
        return None
    last = _end_of_day(due_on)
    return min(last, late_from) if late_from else last


def together(items: Sequence[ShownItem]) -> list[ShownItem]:
    """What is about one nominal stands together, where the most urgent of it stands (PF-7/To do list.1)."""
    groups: dict[UUID, list[ShownItem]] = {}
    for item in items:
        groups.setdefault(item.nominal_id or item.id, []).append(item)
    return [item for group in groups.values() for item in group]


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
