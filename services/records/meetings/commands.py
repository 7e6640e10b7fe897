"""Entering a meeting starts the clock of its minutes; adding them stops it (PF-4.20)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import authorise
from services.records.access.concerned import holding
from services.records.access.record import Record
from services.records.access.told import agencies_told
from services.records.meetings.models import MINUTES, Meeting
from services.records.meetings.rules import wrong_dates, wrong_receipt
from services.records.meetings.schemas import MeetingAnswer, NewMeeting, NewMinutes
from services.records.nominals.naming import about
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.meetings import MEETING_HELD, MINUTES_ADDED
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Concerned, Work

PATH = "/nominals/<uuid:nominal_id>/meetings"
TWICE = "A meeting of this level on this day is already recorded."
MINUTES_THERE = "The minutes of this meeting are already on the record."

# Two people who enter the same meeting at one moment.
service.constraints["uq_mapp_meeting_nominal_id_held_on_level"] = lambda: Refusal("R34", what=TWICE)


def may_record(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever may not record a meeting is told before typing."""
    record = authorise(work, "meetings.record", nominal_id).record
    return {**about(work, record)} | ({"level": record.level} if record.level in {2, 3} else {})


def may_add_minutes(work: Work, *, nominal_id: UUID, meeting_id: UUID) -> dict[str, Any]:
    record = authorise(work, "meetings.record", nominal_id).record
    meeting = _meeting(work, nominal_id, meeting_id)
    if meeting.minutes_added_at is not None:
        raise Refusal("R34", what=MINUTES_THERE, nominal_id=nominal_id)
    return {**about(work, record), "received_on": work.today}


@service.command(
    "meetings.record",
    path=PATH,
    input=NewMeeting,
    answer=MeetingAnswer,
    status=201,
    form=FormPage(
        title="Record a MAPP meeting",
        button="Record meeting",
        done="The meeting is recorded. The minutes' deadline has begun.",
        next="/nominals/{nominal_id}/meetings",
        path=f"{PATH}/new",
        values=may_record,
    ),
)
def record_meeting(work: Work, *, nominal_id: UUID, level: int, held_on: date) -> Meeting:
    """Record that a level 2 or 3 meeting was held."""
    record = authorise(work, "meetings.record", nominal_id, lock=True).record
    if wrong := wrong_dates(held_on, work.today):
        raise Invalid(wrong)
    _not_twice(work, nominal_id, level, held_on)
    meeting = Meeting(
        nominal_id=nominal_id,
        level=level,
        held_on=held_on,
        managing_unit=record.managing_unit,
        entered_by=work.principal.person_id,
        entered_at=work.now,
    )
    work.session.add(meeting)
    work.session.flush()
    work.concerns(subject=("meeting", meeting.id), level=level, held_on=held_on)
    data = {
        "meeting_id": meeting.id,
        "nominal_id": nominal_id,
        "level": level,
        "held_on": held_on,
        "managing_unit": record.managing_unit,
        "jurisdiction": record.jurisdiction,
    }
    work.emit(MEETING_HELD, data, aggregate=("meeting", meeting.id), to=_who_owes_minutes(work, record))
    return meeting


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
        values=may_add_minutes,
    ),
)
def add_minutes(
    work: Work, *, nominal_id: UUID, meeting_id: UUID, received_on: date, minutes: str
) -> Meeting:
    """Add a meeting's minutes, as soon as they are received (PF-4.20.2)."""
    record = authorise(work, "meetings.record", nominal_id).record
    meeting = _meeting(work, nominal_id, meeting_id, lock=True)
    if meeting.minutes_added_at is not None:
        raise Refusal("R34", what=MINUTES_THERE, nominal_id=nominal_id)
    if wrong := wrong_receipt(received_on, meeting.held_on, work.today):
        raise Invalid(wrong)
    meeting.minutes = work.runtime.encrypt(meeting.origin_nominal_id, MINUTES, minutes)
    meeting.minutes_received_on = received_on
    meeting.minutes_added_at, meeting.minutes_added_by = work.now, work.principal.person_id
    work.concerns(subject=("meeting", meeting_id))
    data = {"meeting_id": meeting_id, "nominal_id": nominal_id}
    work.emit(
        MINUTES_ADDED, data, aggregate=("meeting", meeting_id), agencies=agencies_told(work.session, record)
    )
    return meeting


def _meeting(work: Work, nominal_id: UUID, meeting_id: UUID, *, lock: bool = False) -> Meeting:
    meeting = work.session.get(Meeting, meeting_id, with_for_update=lock or None)
    if meeting is None or meeting.nominal_id != nominal_id:
        raise NotFound
    return meeting


def _not_twice(work: Work, nominal_id: UUID, level: int, held_on: date) -> None:
    same = select(Meeting.id).where(
        Meeting.nominal_id == nominal_id, Meeting.level == level, Meeting.held_on == held_on
    )
    if work.session.execute(same).first() is not None:
        raise Invalid({"held_on": [f"A level {level} meeting on this day is already recorded."]})


def _who_owes_minutes(work: Work, record: Record) -> list[Concerned]:
    """The MAPPA administrators of the unit that manages the person."""
    cards = read_model.holders(work.session, "mappa_administrator", record.managing_unit)
    return holding(cards, "mappa_administrator", record.managing_unit, record.owner_agency)
