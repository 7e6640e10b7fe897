"""What the filter of the list asks for, as conditions and an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, true

from services.notifications.todo.models import TodoItem
from services.notifications.todo.rules import SOON_DAYS
from shared.time.calendars import london_day

# Written out, and no parameter: the indexes of the list are for open items alone, and a plan made for every parameter
# may not use them.
OPEN = TodoItem.state == literal_column("'open'")
DONE = TodoItem.state == literal_column("'done'")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filter asks for."""

    due: str = "any"
    show: str = "open"
    kind: Sequence[str] = ()
    sort: str = ""
    page: int = 1
    important: bool = False

    @property
    def state(self) -> str:
        return "done" if self.show == "done" else "open"

    @property
    def narrowing(self) -> tuple[object, ...]:
        """What decides how many there are: neither the order nor the page."""
        return (self.due, self.show, self.important, *sorted(self.kind))


def here(today: date) -> ColumnElement[bool]:
    """Not put off to a later day."""
    return or_(TodoItem.put_off_to.is_(None), TodoItem.put_off_to <= today)


def asked_for(wanted: Wanted, now: datetime) -> ColumnElement[bool]:
    return and_(DONE if wanted.state == "done" else OPEN, narrowed(wanted, now))


def narrowed(wanted: Wanted, now: datetime) -> ColumnElement[bool]:
    """What the filter asks of items that are open, or done."""
    today = london_day(now)
    asked: list[ColumnElement[bool]] = [true()]
    if wanted.show == "open":
        asked.append(here(today))
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


def order(wanted: Wanted) -> list[Any]:
    """Pinned and important first, then what is due soonest; unless a column was asked for. The id makes it whole.

    By nominal: whoever's most urgent task is due soonest comes first, with all their tasks together.
    """
    if wanted.show == "done" and not wanted.sort:
        return [TodoItem.closed_at.desc(), TodoItem.id.desc()]
    due = TodoItem.due_on.asc().nulls_last()
    soonest = func.min(TodoItem.due_on).over(partition_by=TodoItem.nominal_id)
    latest = func.max(TodoItem.due_on).over(partition_by=TodoItem.nominal_id)
    nominal = TodoItem.nominal_id.asc().nulls_last()
    orders: dict[str, list[Any]] = {
        "": [TodoItem.pinned.desc(), TodoItem.important.desc(), due, TodoItem.raised_at.desc()],
        "task": [TodoItem.title, due],
        "-task": [TodoItem.title.desc(), due],
        "nominal": [TodoItem.nominal_id.is_(None), soonest.asc().nulls_last(), nominal, due],
        "-nominal": [TodoItem.nominal_id.is_(None), latest.desc().nulls_last(), nominal, due],
        "due": [due, TodoItem.important.desc()],
        "-due": [TodoItem.due_on.desc().nulls_last(), TodoItem.important.desc()],
        "raised": [TodoItem.raised_at],
        "-raised": [TodoItem.raised_at.desc()],
    }
    return [*orders[wanted.sort], TodoItem.id]
