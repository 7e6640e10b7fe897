"""How many items a list has, without looking at more of them than a page is worth.

Up to `MOST_COUNTED` open items are counted exactly, at each request, from the list's index. A longer list is counted
whole every `KEPT_SECONDS` at most, and after each act of whose it is: nobody's next step hangs on whether it has 10,000
items or 9,999, and the header of every page asks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal_column, select
from sqlalchemy.orm import Session

from services.notifications.todo.filtering import OPEN, Wanted, asked_for, here, narrowed
from services.notifications.todo.models import TodoItem
from shared.runtime import Runtime
from shared.time.calendars import london_day

MOST_COUNTED = 1_000
KEPT_SECONDS = 30
_KEPT = "todo.counted"
_MOST_KEPT = 500
BOUND: Any = literal_column(str(MOST_COUNTED + 1))


@dataclass(frozen=True, slots=True)
class Counts:
    """Of all that is on the list; `total` of what the filter lets through; `kinds` those of what is open.

    `unseen`: how many records have news, where that was asked as well; `counted_at` where it was not counted just now.
    """

    open: int
    overdue: int
    put_off: int
    total: int
    kinds: tuple[str, ...]
    counted_at: datetime | None = None
    unseen: int | None = None


@dataclass(frozen=True, slots=True)
class Whose:
    """The condition, and what it depends on: whose list it is, and whose else this person sees to today."""

    where: ColumnElement[bool]
    key: tuple[object, ...]


def counts(runtime: Runtime, session: Session, whose: Whose, wanted: Wanted, now: datetime) -> Counts:
    """What is open is counted from its index alone: nothing here looks at a column that is not in it."""
    counted, looked_at = _counted(session, whose.where, wanted, now, bounded=True)
    if looked_at > MOST_COUNTED:
        counted = of_long_list(runtime, lambda: session, whose, wanted, now)
    if wanted.state == "done":
        total = select(func.count()).where(whose.where, asked_for(wanted, now))
        counted = replace(counted, total=session.execute(total).scalar_one())
    return counted


def count_open(runtime: Runtime, session: Session, whose: Whose, today: date, now: datetime) -> int:
    """Open items that are not put off, for the header of every page."""
    some = select(here(today).label("here")).where(whose.where, OPEN).limit(BOUND).subquery()
    found = select(func.count(), func.count().filter(some.c.here))
    looked_at, open_ = session.execute(found).one()
    if looked_at <= MOST_COUNTED:
        return int(open_)
    return of_long_list(runtime, lambda: session, whose, Wanted(), now).open


def of_long_list(
    runtime: Runtime,
    session: Callable[[], Session],
    whose: Whose,
    wanted: Wanted,
    now: datetime,
    unseen: int | None = None,
) -> Counts:
    """Counted whole where that was not done lately; only then is a session asked for. `unseen` is kept with it."""
    lately = counted_lately(runtime, whose.key, wanted, now)
    if lately is not None and (unseen is None or lately.unseen is not None):
        return lately
    counted, _ = _counted(session(), whose.where, wanted, now, bounded=False)
    counted = replace(counted, unseen=unseen)
    kept: dict[tuple[object, ...], tuple[datetime, Counts]] = runtime.extras.setdefault(_KEPT, {})
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    kept[_key(whose.key, wanted, now)] = (runtime.clocks.system.now(), counted)
    return counted


def counted_lately(
    runtime: Runtime, whose: tuple[object, ...], wanted: Wanted, now: datetime
) -> Counts | None:
    """What a long list (`Whose.key`) counted within the last seconds; None for all others."""
    before = runtime.extras.get(_KEPT, {}).get(_key(whose, wanted, now))
    if before is None or (runtime.clocks.system.now() - before[0]).total_seconds() >= KEPT_SECONDS:
        return None
    counted: Counts = replace(before[1], counted_at=before[0])
    return counted


def _key(whose: tuple[object, ...], wanted: Wanted, now: datetime) -> tuple[object, ...]:
    return (*whose, *wanted.narrowing, london_day(now))


def forget(runtime: Runtime, person_id: UUID) -> None:
    """This person took items off a list, put them back, or read of changes: what they see next was counted after it."""
    kept: dict[tuple[object, ...], object] = runtime.extras.get(_KEPT, {})
    for key in [key for key in list(kept) if key[0] == person_id]:
        kept.pop(key, None)


def flags(today: Any, now: Any) -> tuple[Any, ...]:
    """What is counted of each open item: its kind, whether it is on the list today, late there, or put off."""
    return (
        TodoItem.kind.label("kind"),
        here(today).label("here"),
        and_(here(today), TodoItem.late_from <= now).label("late"),
        (TodoItem.put_off_to > today).label("later"),
    )


def _counted(
    session: Session, whose: ColumnElement[bool], wanted: Wanted, now: datetime, *, bounded: bool
) -> tuple[Counts, int]:
    """Of at most so many open items where `bounded`; and how many were looked at."""
    today = london_day(now)
    told = (
        *flags(today, now),
        narrowed(wanted, now).label("asked"),
    )
    looked_at = select(*told).where(whose, OPEN)
    some = (looked_at.limit(BOUND) if bounded else looked_at).subquery()
    each = (some.c.here, some.c.late, some.c.later, some.c.asked)
    found = select(some.c.kind, func.count(), *(func.count().filter(flag) for flag in each))
    rows = cast("Sequence[Any]", session.execute(found.group_by(some.c.kind)).all())
    all_, open_, overdue, put_off, total = (sum(int(row[place]) for row in rows) for place in range(1, 6))
    return Counts(open_, overdue, put_off, total, tuple(row[0] for row in rows)), all_
