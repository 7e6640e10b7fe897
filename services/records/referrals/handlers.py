"""The area's switch for sufficient staff, which identity keeps (PF-4.11.1, PF-4.13)."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from services.records.referrals.duties import begin, duty_now, practice_of
from services.records.referrals.models import AreaStaffing, Referral
from services.records.referrals.waiting import waiting
from services.records.service import service
from shared.events.envelope import Event
from shared.events.identity.staffing import SUFFICIENT_STAFF
from shared.work import Work


@service.on(SUFFICIENT_STAFF)
def when_staffing_is_declared(work: Work, event: Event) -> None:
    """The newest word counts, however they arrive; with enough staff the area's waiting cases get their deadlines.

    A deadline that runs already goes on when the switch is turned off: whoever began need not begin anew.
    """
    told = SUFFICIENT_STAFF.load(event.data)
    values = {"sufficient": told["sufficient"], "from_day": told["from_day"], "told_at": event.occurred_at}
    row = insert(AreaStaffing).values(area=told["area"], **values)
    newer = row.on_conflict_do_update(
        index_elements=["area"], set_=values, where=AreaStaffing.told_at < event.occurred_at
    )
    if work.session.execute(newer.returning(AreaStaffing.area)).first() is None:
        return
    practice = practice_of(work, told["area"])
    for referral in work.session.scalars(waiting().where(Referral.owner_unit == told["area"])).all():
        begin(work, referral, duty_now(work, referral, practice))
