"""Which areas have sufficient staff: there, and only there, some duties begin (PF-4.11, PF-4.13)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.notifications.deadlines.models import StaffedArea
from services.notifications.service import service
from shared.directory import read_model
from shared.events.envelope import Event
from shared.events.identity.staffing import SUFFICIENT_STAFF
from shared.work import Work


@service.on(SUFFICIENT_STAFF)
def keep_declaration(work: Work, event: Event) -> None:
    """The switch of an area, from a day on. Of two for one day the later made stands."""
    told = SUFFICIENT_STAFF.load(event.data)
    row = insert(StaffedArea).values(told)
    later = row.on_conflict_do_update(
        index_elements=["area", "from_day"],
        set_={"sufficient": row.excluded.sufficient, "declaration_id": row.excluded.declaration_id},
        # Ids are made in the order of time: an older word that comes late changes nothing.
        where=StaffedArea.declaration_id < row.excluded.declaration_id,
    )
    work.session.execute(later)


def is_staffed(work: Work, unit: str, on: date) -> bool:
    """Whether the area of the unit has said so: the nearest above that has said anything by that day."""
    line = read_model.above(work.session, unit) or (unit,)
    latest = (
        select(StaffedArea.area, func.max(StaffedArea.from_day).label("from_day"))
        .where(StaffedArea.area.in_(line), StaffedArea.from_day <= on)
        .group_by(StaffedArea.area)
        .subquery()
    )
    found = select(StaffedArea.area, StaffedArea.sufficient).join(
        latest, (latest.c.area == StaffedArea.area) & (latest.c.from_day == StaffedArea.from_day)
    )
    said = {row[0]: bool(row[1]) for row in work.session.execute(found)}
    return next((said[code] for code in line if code in said), False)
