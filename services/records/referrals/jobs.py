"""Each day: the deadlines of those whose window before release opens today (PF-4.11.2)."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import or_, select

from services.records.referrals.duties import begin, duty_now, practice_of
from services.records.referrals.models import AreaStaffing, Referral
from services.records.referrals.rules import Practice
from services.records.referrals.waiting import waiting
from services.records.service import service
from shared.time.calendars import add_months
from shared.work import Work

# Months are of different lengths: the rule decides, the query only comes near enough.
_NEAR = timedelta(days=3)


class WindowsOpening:
    """A tick, once a day: one indexed query. A second process at the same moment finds nothing left to begin."""

    __name__ = "windows_opening"

    def __init__(self) -> None:
        self._looked_on: date | None = None

    def __call__(self, work: Work) -> None:
        if self._looked_on != work.today:
            open_windows(work)
            self._looked_on = work.today


def open_windows(work: Work) -> int:
    """Begin what is due in areas with enough staff, also where the switch found a case in use. Returns how many."""
    staffed = select(AreaStaffing.area).where(AreaStaffing.sufficient)
    months = -work.policy.period("creation.level_1_window_opens", work.today).amount
    near = add_months(work.today, months) + _NEAR
    due = waiting().where(
        Referral.owner_unit.in_(staffed),
        or_(Referral.release_on <= near, Referral.sentenced_on.is_not(None)),
    )
    practices: dict[str, Practice] = {}
    begun = 0
    for referral in work.session.scalars(due).all():
        area = referral.owner_unit
        practices.setdefault(area, practice_of(work, area))
        begun += begin(work, referral, duty_now(work, referral, practices[area]))
    return begun


service.each_tick(WindowsOpening())
