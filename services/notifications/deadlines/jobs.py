"""The tick: whatever is owed now, claimed so that two tickers double nothing and one that was down catches up."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import select

from services.notifications.deadlines.models import Clock
from services.notifications.deadlines.steps import take_steps
from services.notifications.service import service
from services.notifications.todo import pending
from shared.work import Work

# Few: what a batch writes (clocks, items, vacancies) is locked until it is committed, and arriving facts may want it.
_AT_ONCE = 20
_AGAIN = timedelta(minutes=1)
_log = logging.getLogger(__name__)


@service.each_tick
def take_due_steps(work: Work) -> bool:
    """One batch; returns whether more may be due."""
    due = (
        select(Clock)
        .where(Clock.state == "running", Clock.next_at <= work.now)
        .order_by(Clock.next_at, Clock.id)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    clocks = list(work.session.execute(due).scalars())
    for clock in clocks:
        _one(work, clock)
    return len(clocks) == _AT_ONCE


def _one(work: Work, clock: Clock) -> None:
    """A clock that cannot be dealt with must not stop the others, nor stand before them in each batch."""
    pending.write(work)
    try:
        with work.session.begin_nested():
            take_steps(work, clock)
    except Exception:  # noqa: BLE001 - whatever it is, it is logged, and the clock tried again
        pending.discard(work)
        _log.exception("deadline %s of %s could not be advanced", clock.code, clock.id)
        clock.next_at = work.now + _AGAIN
