"""“Checked before contact” meets whatever appointment of that person with that nominal lies ahead (PF-4.31, D-25)."""

from __future__ import annotations

from sqlalchemy import select

from services.notifications.deadlines.catalogue import catalogue
from services.notifications.deadlines.clocks import meet_this
from services.notifications.deadlines.models import Clock, ClockPerson
from services.notifications.service import service
from shared.events.envelope import Event
from shared.events.records.record_checks import RECORD_CHECKED
from shared.work import Work

CODE = "D-25"


@service.on(RECORD_CHECKED)
def record_checked(work: Work, event: Event) -> None:
    """Of several appointments the check is for the next one alone: each has its own."""
    told = RECORD_CHECKED.load(event.data)
    mine = select(ClockPerson.deadline_id).where(ClockPerson.person_id == told["person_id"])
    waiting = (
        select(Clock)
        .where(
            Clock.code == CODE,
            Clock.nominal_id == told["nominal_id"],
            Clock.state == "running",
            Clock.id.in_(mine),
        )
        .order_by(Clock.until_at, Clock.id)
        .limit(1)
        .with_for_update()
    )
    clock = work.session.execute(waiting).scalar_one_or_none()
    if clock is not None:
        meet_this(work, catalogue()[CODE], clock, told["checked_at"])
