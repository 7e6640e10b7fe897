"""The tick: whatever is owed now, claimed so that two tickers double nothing and one that was down catches up."""

from __future__ import annotations

import logging

from sqlalchemy import select

from services.notifications.deadlines.models import Clock
from services.notifications.deadlines.steps import take_steps
from services.notifications.service import service
from services.notifications.todo import pending
from shared.work import Work

_AT_ONCE = 500
_log = logging.getLogger(__name__)


@service.each_tick
def take_due_steps(work: Work) -> int:
    """Returns how many clocks were looked at; those beyond a tick's share stay due for the next."""
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
    return len(clocks)


def _one(work: Work, clock: Clock) -> None:
    """A clock that cannot be dealt with must not stop the others; it stays due."""
    pending.write(work)
    try:
        with work.session.begin_nested():
            take_steps(work, clock)
    except Exception:  # noqa: BLE001 - whatever it is, it is logged, and the clock tried again
        pending.discard(work)
        _log.exception("deadline %s of %s could not be advanced", clock.code, clock.id)
