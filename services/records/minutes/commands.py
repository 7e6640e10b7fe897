"""Minutes that somebody types go where those go that come as a file: into the folder of the plan (PF-4.20.1)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.records.access.authorise import authorise
from services.records.attachments.catalogue import catalogue
from services.records.attachments.writing import add
from services.records.meetings.commands import PATH
from services.records.meetings.entering import meeting_by_id
from services.records.meetings.models import Meeting
from services.records.meetings.rules import called, wrong_receipt
from services.records.meetings.schemas import MeetingAnswer, NewMinutes
from services.records.minutes.following import LEVELS
from services.records.nominals.naming import about
from services.records.service import service
from shared.declarations import FormPage
from shared.files import TEXT, keep_made
from shared.refusals import Invalid, Refusal
from shared.work import Work

FOLDER = "risk_management_plan"
KINDS = {level: kind for kind, level in LEVELS.items()}
# Of the catalogue's sources: whoever types them has them before their eyes.
SOURCE = "document"
THERE = "The minutes of this meeting are already on the record."


def may_add(work: Work, *, nominal_id: UUID, meeting_id: UUID) -> dict[str, Any]:
    """Whoever may not add them, or comes too late, is told before typing."""
    record = authorise(work, "meetings.record", nominal_id).record
    meeting = _to_add(work, nominal_id, meeting_id)
    return {**about(work, record), "received_on": meeting.minutes_received_on or work.today}


@service.command(
    "meetings.add_minutes",
    path=f"{PATH}/<uuid:meeting_id>/minutes",
    input=NewMinutes,
    answer=MeetingAnswer,
    form=FormPage(
        title="Add the minutes",
        button="Add minutes",
        done="The minutes are added.",
        next="/nominals/{nominal_id}/meetings",
        path=f"{PATH}/<uuid:meeting_id>/minutes/new",
        intro="They go into the folder of the risk management plan.",
        values=may_add,
    ),
)
def add_minutes(
    work: Work, *, nominal_id: UUID, meeting_id: UUID, received_on: date, minutes: str
) -> Meeting:
    """Add a meeting's minutes, as soon as they are received (PF-4.20.2); their entry stops the clock (`following`)."""
    authorise(work, "meetings.record", nominal_id, lock=True)
    meeting = _to_add(work, nominal_id, meeting_id, lock=True)
    if wrong := wrong_receipt(received_on, meeting.held_on, work.today):
        raise Invalid(wrong)
    folder = catalogue()[FOLDER]
    name = f"Minutes of the {called(meeting.level)} of {meeting.held_on.isoformat()}"
    file_id = keep_made(work, name, TEXT, minutes.encode(), nominal_id=nominal_id)
    entry = {
        "entry_type": KINDS[meeting.level],
        "entry_date": meeting.held_on,
        "received_date": received_on,
        "minutes_document": str(file_id),
        "source": SOURCE,
        "source_date": received_on,
        "grading": folder.grading,
    }
    add(work, folder, nominal_id, entry)
    return meeting


def _to_add(work: Work, nominal_id: UUID, meeting_id: UUID, *, lock: bool = False) -> Meeting:
    meeting = meeting_by_id(work, nominal_id, meeting_id, lock=lock)
    if meeting.minutes_added_at is not None:
        raise Refusal("R34", what=THERE, nominal_id=nominal_id)
    return meeting
