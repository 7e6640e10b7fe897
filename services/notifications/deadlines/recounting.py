"""Counting open clocks anew once national policy says another period, gap or hour from the day it is in force."""

from __future__ import annotations

import logging
from datetime import date

from sqlalchemy import or_, select

from services.notifications.deadlines import moving
from services.notifications.deadlines.catalogue import Entry, catalogue
from services.notifications.deadlines.models import Clock
from services.notifications.service import service
from services.notifications.todo import pending
from shared.policy import Policy
from shared.work import Work

_AT_ONCE = 20
_DONE_FOR = "deadlines.counted_for"
_log = logging.getLogger(__name__)


@service.each_tick
def recount_by_policy(work: Work) -> bool:
    """One batch of the clocks that were counted by another rule than today's; whether more may be left.

    Looked for once a day and after each change of policy, by index: it costs what has to be done.
    """
    policy, today = work.policy, work.today
    before, day = work.runtime.extras.get(_DONE_FOR, (None, None))
    if before is policy and day == today:
        return False
    for entry in catalogue().values():
        if entry.runs and _some(work, entry, policy, today):
            return True
    work.runtime.extras[_DONE_FOR] = (policy, today)
    return False


def _some(work: Work, entry: Entry, policy: Policy, on: date) -> bool:
    rule = entry.rule(policy, on)
    another = or_(Clock.counted_by < rule, Clock.counted_by > rule)
    found = (
        select(Clock)
        .where(Clock.code == entry.code, Clock.state != "met", another)
        .order_by(Clock.id)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    clocks = list(work.session.execute(found).scalars())
    for clock in clocks:
        _one(work, clock, entry, rule)
    return bool(clocks)


def _one(work: Work, clock: Clock, entry: Entry, rule: str) -> None:
    """A clock that cannot be counted (no value in force) keeps its end, and does not stand before the others."""
    pending.write(work)
    try:
        with work.session.begin_nested():
            moving.recount(work, clock, entry)
    except Exception:  # noqa: BLE001 - whatever it is, it is logged, and the clock runs on as it did
        pending.discard(work)
        _log.exception("deadline %s of %s could not be counted anew", clock.code, clock.id)
    clock.counted_by = rule
