"""The landing page as everybody opens it, unfiltered and of their own list, in two statements compiled once.

Whatever else is asked goes the long way (`shown`, `counting`), with statements made from the filter; the conditions are
the same functions, and a test holds both ways against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Date, DateTime, Integer, Uuid, and_, bindparam, func, literal_column, select

from services.notifications.todo.changes import news
from services.notifications.todo.counting import BOUND, MOST_COUNTED, Counts
from services.notifications.todo.covering import covered
from services.notifications.todo.filtering import OPEN, Wanted, here, order
from services.notifications.todo.models import Change, TodoItem, TodoOpening
from services.notifications.todo.shown import LISTED, PAGE, ShownItem, listed, shown, together
from shared.driver import Fixed, FixedText, compiled
from shared.work import Work

_WHO: Any = bindparam("who", type_=Uuid())
_TODAY: Any = bindparam("today", type_=Date())
_NOW: Any = bindparam("now", type_=DateTime(timezone=True))
_OFFSET: Any = bindparam("skipped", type_=Integer())
_NAMES = tuple(one.key for one in LISTED)


def _first() -> Any:
    """Who is asked for, and how many there are: one row."""
    looked_at = select(
        TodoItem.kind.label("kind"),
        here(_TODAY).label("here"),
        and_(here(_TODAY), TodoItem.late_from <= _NOW).label("late"),
        (TodoItem.put_off_to > _TODAY).label("later"),
    )
    some = looked_at.where(TodoItem.person_id == _WHO, OPEN).limit(BOUND).subquery("some")
    by_kind = (
        select(
            some.c.kind,
            func.count().label("all_"),
            *(func.count().filter(some.c[name]).label(name) for name in ("here", "late", "later")),
        )
        .group_by(some.c.kind)
        .subquery("by_kind")
    )
    zero = literal_column("0")
    sums = [
        func.coalesce(func.sum(by_kind.c[name]), zero).label(name)
        for name in ("all_", "here", "late", "later")
    ]
    opened = select(TodoOpening.day).where(TodoOpening.person_id == _WHO)
    away = select(func.array_agg(covered(_WHO, _TODAY).subquery("covered").c.person_id))
    unseen = news(_WHO, func.count(Change.nominal_id.distinct()))
    return select(
        *sums,
        func.array_agg(by_kind.c.kind).label("kinds"),
        opened.scalar_subquery().label("opened"),
        away.scalar_subquery().label("away"),
        unseen.scalar_subquery().label("unseen"),
    )


_FIRST = Fixed(_first())


@cache
def _page(sort: str) -> FixedText:
    ordered = (
        select(TodoItem.id)
        .where(TodoItem.person_id == _WHO, OPEN, here(_TODAY))
        .order_by(*order(Wanted(sort=sort)))
        .limit(literal_column(str(PAGE)))
        .offset(_OFFSET)
    )
    return FixedText(compiled(listed(ordered)))


@dataclass(frozen=True)
class Landing:
    """`away`: whose lists this person sees to as well; then, and of a long list, the rest goes the long way."""

    counts: Counts | None
    away: Sequence[UUID]
    opened: date | None
    unseen: int


def first(work: Work) -> Landing:
    values = {"who": work.principal.person_id, "today": work.today, "now": work.now}
    row = work.first(_FIRST, values)
    counted = Counts(int(row.here), int(row.late), int(row.later), int(row.here), tuple(row.kinds or ()))
    return Landing(counted if row.all_ <= MOST_COUNTED else None, row.away or (), row.opened, int(row.unseen))


def page_of(work: Work, wanted: Wanted) -> list[ShownItem]:
    skipped = (wanted.page - 1) * PAGE
    values = {"who": work.principal.person_id, "today": work.today, "skipped": skipped}
    found = [_shown(row, work.now) for row in work.rows(_page(wanted.sort), values)]
    return found if wanted.sort else together(found)


def _shown(row: Sequence[Any], now: datetime) -> ShownItem:
    return shown(cast("TodoItem", SimpleNamespace(**dict(zip(_NAMES, row, strict=True)))), now)


def fits(work: Work, wanted: Wanted) -> bool:
    """Whether it is asked for as everybody opens it."""
    return not work.principal.deputy_for and wanted.narrowing == Wanted().narrowing
