"""Reminds the CPC of the review date: once for each date, some days before it."""

from __future__ import annotations

from sqlalchemy import select

from services.records.access.authorise import facts
from services.records.access.concerned import concerned
from services.records.access.models import Limit
from services.records.limited_access.rules import reminder_is_due
from services.records.service import service
from shared.events.records.access import LIMITED_ACCESS_REVIEW
from shared.time.calendars import add_calendar_days
from shared.work import Work

_AT_ONCE = 50


@service.each_tick
def remind(work: Work) -> int:
    """Claimed by row lock: two ticks remind nobody twice."""
    remind_from = add_calendar_days(
        work.today, work.policy.number("limited_access.reminder_days", work.today)
    )
    due = (
        select(Limit)
        .where(
            Limit.ended_at.is_(None),
            Limit.review_on <= remind_from,
            Limit.reminded_for.is_distinct_from(Limit.review_on),
        )
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    found = work.session.execute(due).scalars().all()
    return sum(
        _remind(work, row) for row in found if reminder_is_due(row.review_on, row.reminded_for, remind_from)
    )


def _remind(work: Work, row: Limit) -> bool:
    row.reminded_for = row.review_on
    data = {"nominal_id": row.nominal_id, "limit_id": row.id, "review_on": row.review_on}
    to = concerned(work, facts(work, row.nominal_id), "cpc")
    work.emit(LIMITED_ACCESS_REVIEW, data, aggregate=("nominal", row.nominal_id), to=to)
    return True
