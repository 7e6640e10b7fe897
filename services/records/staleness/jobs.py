"""Each day: which live records became stale, and which of them somebody has touched since."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import facts
from services.records.access.concerned import concerned
from services.records.nominals.models import Nominal
from services.records.service import service
from services.records.staleness.models import StaleRecord
from services.records.staleness.touched import last_touch, untouched_since
from shared.events.records.staleness import RECORD_STALE, RECORD_TOUCHED
from shared.ids import new_id
from shared.time.calendars import add_calendar_days, london_day, start_of_day
from shared.work import Work

_AT_ONCE = 200


class LookForStale:
    """A tick, once a day, in steps; one that fails is done again. Two at once find the unique index in their way."""

    __name__ = "look_for_stale"

    def __init__(self) -> None:
        self._day: date | None = None
        self._through: UUID | None = None

    def __call__(self, work: Work) -> int:
        if self._day == work.today and self._through is None:
            return 0
        through = self._through if self._day == work.today else None
        if through is None:
            end_touched(work)
        rows = _next(work, through or UUID(int=0))
        found = sum(_found(work, nominal_id, london_day(at)) for nominal_id, at in rows)
        self._day, self._through = work.today, rows[-1][0] if len(rows) == _AT_ONCE else None
        return found


def cutoff(work: Work) -> datetime:
    """A record not touched since then is stale (proposed: 90 days)."""
    days = work.policy.period("records.stale_after", work.today).amount
    return start_of_day(add_calendar_days(work.today, -days))


def _told_within(work: Work) -> timedelta:
    """What has been stale for longer when the suite begins stands on the list alone: no flood of old items."""
    return timedelta(days=work.policy.period("records.stale_told_within", work.today).amount)


def _next(work: Work, after: UUID) -> list[tuple[UUID, datetime]]:
    moment = cutoff(work)
    known = select(StaleRecord.nominal_id).where(StaleRecord.ended_at.is_(None))
    found = (
        select(Nominal.id, last_touch())
        .where(
            Nominal.id > after,
            Nominal.status == "live",
            untouched_since(moment),
            ~untouched_since(moment - _told_within(work)),
            Nominal.id.not_in(known),
        )
        .order_by(Nominal.id)
        .limit(_AT_ONCE)
    )
    return [(row[0], row[1]) for row in work.session.execute(found)]


def _found(work: Work, nominal_id: UUID, since: date) -> bool:
    record = facts(work, nominal_id, lock=True)
    stale = StaleRecord(id=new_id(), nominal_id=nominal_id, untouched_since=since, found_at=work.now)
    work.session.add(stale)
    work.session.flush()
    data = {
        "stale_id": stale.id,
        "nominal_id": nominal_id,
        "found_on": work.today,
        "managing_unit": record.managing_unit,
        "jurisdiction": record.jurisdiction,
    }
    work.emit(RECORD_STALE, data, aggregate=("nominal", nominal_id), to=concerned(work, record, "manager"))
    return True


def end_touched(work: Work) -> int:
    """Whatever was touched, or is live no more, need not be looked at."""
    moment = cutoff(work)
    still = select(Nominal.id).where(Nominal.status == "live", untouched_since(moment))
    waiting = select(StaleRecord, Nominal.owner_agency).join(Nominal, Nominal.id == StaleRecord.nominal_id)
    touched = waiting.where(StaleRecord.ended_at.is_(None), StaleRecord.nominal_id.not_in(still))
    rows = work.session.execute(touched.limit(_AT_ONCE * 10)).all()
    for stale, agency in rows:
        stale.ended_at = work.now
        data = {"stale_id": stale.id, "nominal_id": stale.nominal_id}
        work.emit(RECORD_TOUCHED, data, aggregate=("nominal", stale.nominal_id), agencies=[agency])
    return len(rows)


service.each_tick(LookForStale())
