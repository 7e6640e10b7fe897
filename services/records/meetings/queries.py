"""A nominal's meetings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import defer

from services.records.access.authorise import authorise
from services.records.access.rules import decide
from services.records.meetings.models import MINUTES, Meeting
from services.records.meetings.rules import called
from services.records.meetings.schemas import MeetingList, MeetingWhole
from services.records.service import service
from shared.declarations import Page
from shared.refusals import NotFound
from shared.web.schemas import Nothing
from shared.work import Work

# Where the nominal was deleted, and its key with it.
GONE = "No longer readable"
PATH = "/nominals/<uuid:nominal_id>/meetings"


@dataclass(frozen=True, slots=True)
class WithMinutes:
    """A meeting with its minutes in clear; other names are the meeting's own."""

    meeting: Meeting
    minutes: str | None
    called: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.meeting, name)


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


@service.query(
    "meetings.minutes",
    path=f"{PATH}/<uuid:meeting_id>",
    input=Nothing,
    answer=MeetingWhole,
    page=Page("Minutes of a MAPP meeting", "meetings/minutes.html"),
)
def minutes(work: Work, *, nominal_id: UUID, meeting_id: UUID) -> WithMinutes:
    """One meeting with its minutes (PF-3c: visible to partners, each reading audited)."""
    authorise(work, "nominals.read", nominal_id)
    work.concerns(subject=("meeting", meeting_id))
    meeting = work.session.get(Meeting, meeting_id)
    if meeting is None or meeting.nominal_id != nominal_id:
        raise NotFound
    if meeting.minutes is None:
        return WithMinutes(meeting, None, called(meeting.level))
    found = work.runtime.readable(meeting.origin_nominal_id, MINUTES, meeting.minutes)
    return WithMinutes(meeting, GONE if found is None else found, called(meeting.level))
