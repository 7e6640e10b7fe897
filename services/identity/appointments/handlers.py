"""What appointments learn from records: who writes to them. Never which."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from services.identity.appointments.models import RecordUpdate
from services.identity.service import service
from shared.events.envelope import Event
from shared.events.records.activity_log import ACTIVITY_ADDED
from shared.time.calendars import london_day
from shared.work import NOBODY, Work


@service.on(ACTIVITY_ADDED)
def note_update(work: Work, event: Event) -> None:
    """At most one change of a row for each person and day; facts that overtake each other do not matter."""
    if event.actor is None or event.actor == NOBODY:
        return
    row = insert(RecordUpdate).values(person_id=event.actor, last_on=london_day(event.occurred_at))
    later = row.on_conflict_do_update(
        index_elements=["person_id"],
        set_={"last_on": row.excluded.last_on},
        where=RecordUpdate.last_on < row.excluded.last_on,
    )
    work.session.execute(later)
