"""One meeting with its minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.records.access.authorise import authorise
from services.records.meetings.entering import meeting_by_id
from services.records.meetings.models import Meeting
from services.records.meetings.queries import PATH
from services.records.meetings.rules import called
from services.records.meetings.schemas import MeetingWhole
from services.records.minutes.reading import minutes_of
from services.records.service import service
from shared.declarations import Page
from shared.web.schemas import Nothing
from shared.work import Work


@dataclass(frozen=True, slots=True)
class WithMinutes:
    """A meeting with its minutes in clear; other names are the meeting's own."""

    meeting: Meeting
    minutes: str | None
    called: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.meeting, name)


@service.query(
    "meetings.minutes",
    path=f"{PATH}/<uuid:meeting_id>",
    input=Nothing,
    answer=MeetingWhole,
    page=Page("Minutes of a MAPP meeting", "meetings/minutes.html"),
)
def minutes(work: Work, *, nominal_id: UUID, meeting_id: UUID) -> WithMinutes:
    """One meeting with its minutes (PF-3c: visible to partners, each reading audited)."""
    opened = authorise(work, "nominals.read", nominal_id)
    meeting = meeting_by_id(work, nominal_id, meeting_id)
    said = minutes_of(work, opened, meeting)
    work.concerns(subject=("meeting", meeting_id))
    return WithMinutes(meeting, said, called(meeting.level))
