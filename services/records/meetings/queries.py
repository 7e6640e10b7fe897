"""A nominal's meetings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import defer

from services.records.access.authorise import authorise
from services.records.access.rules import decide
from services.records.meetings.models import Meeting
from services.records.meetings.schemas import MeetingList
from services.records.service import service
from shared.declarations import Page
from shared.web.schemas import Nothing
from shared.work import Work

PATH = "/nominals/<uuid:nominal_id>/meetings"


@service.query(
    "meetings.list",
    path=PATH,
    input=Nothing,
    answer=MeetingList,
    page=Page("MAPP meetings", "meetings/list.html"),
)
def list_meetings(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Every meeting, newest first; the minutes are read one by one, since each reading is audited."""
    opened = authorise(work, "nominals.read", nominal_id)
    found = select(Meeting).where(Meeting.nominal_id == nominal_id).options(defer(Meeting.minutes))
    rows = list(work.session.execute(found.order_by(Meeting.held_on.desc()).limit(500)).scalars())
    work.concerns(count=len(rows))
    may_record = decide(work.principal, "meetings.record", opened.record).allowed
    return {"meetings": rows, "visor_number": opened.record.visor_number, "may_record": may_record}
