"""The landing page as everybody opens it, unfiltered and of their own list, in two statements compiled once.

Whatever else is asked goes the long way (`shown`, `counting`), with statements made from the filter; the conditions are
the same functions, and a test holds both ways against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, Integer, Uuid, bindparam, func, literal_column, select

from services.notifications.todo.changes import news
from services.notifications.todo.counting import BOUND, MOST_COUNTED, Counts, counted_lately, flags
from services.notifications.todo.covering import covered
from services.notifications.todo.filtering import OPEN, Wanted, here, order
from services.notifications.todo.models import Change, TodoItem, TodoOpening
from services.notifications.todo.shown import PAGE, ShownItem, listed, of_rows, own_key, together
from shared.driver import Fixed, FixedText, compiled
from shared.work import Work

_WHO: Any = bindparam("who", type_=Uuid())
_TODAY: Any = bindparam("today", type_=Date())
_NOW: Any = bindparam("now", type_=DateTime(timezone=True))
_OFFSET: Any = bindparam("skipped", type_=Integer())
_AS_OPENED = Wanted()


def _known() -> tuple[Any, ...]:
    """When the list was opened last, and whose lists this person covers."""
    opened = select(TodoOpening.day).where(TodoOpening.person_id == _WHO)
    away = select(func.array_agg(covered(_WHO, _TODAY).subquery("covered").c.person_id))
    return opened.scalar_subquery().label("opened"), away.scalar_subquery().label("away")


def _unseen() -> Any:
    """How many records have news."""
    return news(_WHO, func.count(Change.nominal_id.distinct())).scalar_subquery().label("unseen")


def _counting() -> Any:
    """The same with how many there are: one row."""
    some = select(*flags(_TODAY, _NOW)).where(TodoItem.person_id == _WHO, OPEN).limit(BOUND).subquery("some")
    names = ("here", "late", "later")
    counted = [func.count().filter(some.c[name]).label(name) for name in names]
    by_kind = (
        select(some.c.kind, func.count().label("all_"), *counted).group_by(some.c.kind).subquery("by_kind")
    )
    zero: Any = literal_column("0")
    sums = [func.coalesce(func.sum(by_kind.c[name]), zero).label(name) for name in ("all_", *names)]
    return select(*sums, func.array_agg(by_kind.c.kind).label("kinds"), *_known(), _unseen())


_COUNTING, _KNOWN = Fixed(_counting()), Fixed(select(*_known()))


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
    """With the counts, unless it is a long list that was counted a moment ago."""
    values = {"who": work.principal.person_id, "today": work.today}
    lately = counted_lately(work.runtime, own_key(work.principal), _AS_OPENED, work.now)
    if lately is not None and lately.unseen is not None:
        row = work.first(_KNOWN, values)
        return Landing(lately, row.away or (), row.opened, lately.unseen)
    row = work.first(_COUNTING, values | {"now": work.now})
    counted = Counts(int(row.here), int(row.late), int(row.later), int(row.here), tuple(row.kinds or ()))
    whole = row.all_ <= MOST_COUNTED
    return Landing(counted if whole else None, row.away or (), row.opened, int(row.unseen))


def page_of(work: Work, wanted: Wanted) -> list[ShownItem]:
    skipped, now = (wanted.page - 1) * PAGE, work.now
    values = {"who": work.principal.person_id, "today": work.today, "skipped": skipped}
    found = of_rows(work.rows(_page(wanted.sort), values), now)
    return found if wanted.sort else together(found)


def fits(work: Work, wanted: Wanted) -> bool:
    """Whether it is asked for as everybody opens it."""
    return not work.principal.deputy_for and wanted.narrowing == _AS_OPENED.narrowing
