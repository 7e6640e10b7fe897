"""Entering a meeting starts the clock of its minutes; `minutes`, which adds them, stops it (PF-4.20)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.records.access.authorise import authorise
from services.records.meetings.entering import enter, meeting_by_id, meeting_of, who_owes_minutes
from services.records.meetings.models import Meeting
from services.records.meetings.rules import called, wrong_dates, wrong_receipt
from services.records.meetings.schemas import MeetingAnswer, MinutesReceipt, NewMeeting
from services.records.nominals.naming import about
from services.records.service import service
from shared.declarations import FormPage
from shared.events.records.meetings import MINUTES_RECEIVED
from shared.refusals import Invalid, Refusal
from shared.work import Work

PATH = "/nominals/<uuid:nominal_id>/meetings"
TWICE = "A meeting of this level on this day is already recorded."

# Two people who enter the same meeting at one moment.
service.constraints["uq_mapp_meeting_nominal_id_held_on_level"] = lambda: Refusal("R34", what=TWICE)


def may_record(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever may not record a meeting is told before typing."""
    record = authorise(work, "meetings.record", nominal_id).record
    return {**about(work, record)} | ({"level": record.level} if record.level in {2, 3} else {})


@service.command(
    "meetings.record",
    path=PATH,
    input=NewMeeting,
    answer=MeetingAnswer,
    status=201,
    form=FormPage(
        title="Record a meeting",
        button="Record meeting",
        done="The meeting is recorded. Its minutes are owed now.",
        next="/nominals/{nominal_id}/meetings",
        path=f"{PATH}/new",
        values=may_record,
    ),
)
def record_meeting(work: Work, *, nominal_id: UUID, level: int | None, held_on: date) -> Meeting:
    """Record that a level 2 or 3 meeting, or a core group (without a level), was held."""
    record = authorise(work, "meetings.record", nominal_id, lock=True).record
    if wrong := wrong_dates(held_on, work.today):
        raise Invalid(wrong)
    if meeting_of(work, nominal_id, level, held_on) is not None:
        raise Invalid({"held_on": [f"A {called(level)} on this day is already recorded."]})
    return enter(work, record, level, held_on)


def may_receive(work: Work, *, nominal_id: UUID, meeting_id: UUID) -> dict[str, Any]:
    record = authorise(work, "meetings.record", nominal_id).record
    _to_receive(work, nominal_id, meeting_id)
    return {**about(work, record), "received_on": work.today}


@service.command(
    "meetings.receive_minutes",
    path=f"{PATH}/<uuid:meeting_id>/receipt",
    input=MinutesReceipt,
    answer=MeetingAnswer,
    form=FormPage(
        title="Note that the minutes came",
        button="Note receipt",
        done="Noted. The minutes are to be added within one working day.",
        next="/nominals/{nominal_id}/meetings",
        path=f"{PATH}/<uuid:meeting_id>/receipt/new",
        values=may_receive,
    ),
)
def receive_minutes(work: Work, *, nominal_id: UUID, meeting_id: UUID, received_on: date) -> Meeting:
    """Note that a meeting's minutes came; they are added as soon as they are received (PF-4.20.2)."""
    record = authorise(work, "meetings.record", nominal_id).record
    meeting = _to_receive(work, nominal_id, meeting_id, lock=True)
    if wrong := wrong_receipt(received_on, meeting.held_on, work.today):
        raise Invalid(wrong)
    meeting.minutes_received_on = received_on
    work.concerns(subject=("meeting", meeting_id))
    data = {
        "meeting_id": meeting_id,
        "nominal_id": nominal_id,
        "received_on": received_on,
        "managing_unit": meeting.managing_unit,
        "jurisdiction": record.jurisdiction,
    }
    to = who_owes_minutes(work, record)
    work.emit(MINUTES_RECEIVED, data, aggregate=("meeting", meeting_id), to=to)
    return meeting


def _to_receive(work: Work, nominal_id: UUID, meeting_id: UUID, *, lock: bool = False) -> Meeting:
    meeting = meeting_by_id(work, nominal_id, meeting_id, lock=lock)
    if meeting.minutes_received_on is not None:
        raise Refusal("R34", what="It is already noted that these minutes came.", nominal_id=nominal_id)
    return meeting
