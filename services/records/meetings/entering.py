"""What entering a meeting, and its minutes, does to the record, however we heard of it (PF-4.20)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.records.access.concerned import holding
from services.records.access.record import Record
from services.records.access.told import agencies_told, partners_holding
from services.records.meetings.models import Meeting
from services.records.meetings.rules import due_on, owed_again_by
from shared.directory import read_model
from shared.events.records.meetings import MEETING_COPIED, MEETING_HELD, MINUTES_ADDED, MINUTES_OWED_AGAIN
from shared.ids import new_id
from shared.refusals import NotFound
from shared.work import Concerned, Work

ADMINISTRATOR = "mappa_administrator"
DEADLINES = {3: "deadline.D-10", 2: "deadline.D-11"}
SOON = "deadline.D-12"


def meeting_of(work: Work, nominal_id: UUID, level: int | None, held_on: date) -> Meeting | None:
    """Locked; None where no meeting of this level (None: no core group) on this day is recorded."""
    same = select(Meeting).where(
        Meeting.nominal_id == nominal_id,
        Meeting.level.is_not_distinct_from(level),
        Meeting.held_on == held_on,
    )
    return work.session.execute(same.with_for_update()).scalar_one_or_none()


def meeting_by_id(work: Work, nominal_id: UUID, meeting_id: UUID, *, lock: bool = False) -> Meeting:
    """Raises NotFound, also for one of another record."""
    meeting = work.session.get(Meeting, meeting_id, with_for_update=lock or None)
    if meeting is None or meeting.nominal_id != nominal_id:
        raise NotFound
    return meeting


def enter(work: Work, record: Record, level: int | None, held_on: date) -> Meeting:
    """Keep it, and tell who owes its minutes. The caller holds the nominal's row."""
    periods = {each: work.policy.period(key, work.today) for each, key in DEADLINES.items()}
    meeting = Meeting(
        nominal_id=record.id,
        level=level,
        held_on=held_on,
        managing_unit=record.managing_unit,
        minutes_due_on=due_on(level, held_on, periods, record.jurisdiction),
        entered_by=work.principal.person_id,
        entered_at=work.now,
    )
    work.session.add(meeting)
    work.session.flush()
    work.concerns(subject=("meeting", meeting.id), level=level, held_on=held_on)
    data = {
        "meeting_id": meeting.id,
        "nominal_id": record.id,
        "level": level,
        "held_on": held_on,
        "managing_unit": record.managing_unit,
        "jurisdiction": record.jurisdiction,
    }
    owing = who_owes_minutes(work, record)
    work.emit(MEETING_HELD, data, aggregate=("meeting", meeting.id), to=owing)
    _copy(work, record, meeting, {one.person_id for one in owing})
    return meeting


def _copy(work: Work, record: Record, meeting: Meeting, owing: set[UUID]) -> None:
    """Of units that are involved besides, MAPPA administrators who are partners hear of it (PF-4.20.5)."""
    ids = set(partners_holding(work.session, record, ADMINISTRATOR)) - owing
    cards = [card for card in read_model.people(work.session, ids).values() if card.active]
    if cards:
        data = {"meeting_id": meeting.id, "nominal_id": record.id, "managing_unit": record.managing_unit}
        to = [Concerned(card.id, ADMINISTRATOR, card.unit, card.agency) for card in cards]
        work.emit(MEETING_COPIED, data, aggregate=("meeting", meeting.id), to=to)


def minutes_came(work: Work, record: Record, meeting: Meeting, received_on: date) -> None:
    """They are on the record: nobody owes them any more."""
    meeting.minutes_received_on = received_on
    meeting.minutes_added_at, meeting.minutes_added_by = work.now, work.principal.person_id
    work.session.flush()
    work.concerns(subject=("meeting", meeting.id))
    data = {"meeting_id": meeting.id, "nominal_id": record.id, "owed_again_id": meeting.owed_again_id}
    told = agencies_told(work.session, record)
    work.emit(MINUTES_ADDED, data, aggregate=("meeting", meeting.id), agencies=told)


def minutes_went(work: Work, record: Record, meeting: Meeting) -> None:
    """What held them is off the record, or another meeting's by now: they are owed again, by a clock of its own."""
    meeting.minutes_entry_id = None
    meeting.minutes_added_at = meeting.minutes_added_by = meeting.minutes_received_on = None
    meeting.owed_again_id = new_id()
    work.session.flush()
    period = work.policy.period(SOON, work.today)
    data = {
        "owed_again_id": meeting.owed_again_id,
        "meeting_id": meeting.id,
        "nominal_id": record.id,
        "owed_by": owed_again_by(meeting.minutes_due_on, work.today, period, record.jurisdiction),
        "managing_unit": meeting.managing_unit,
        "jurisdiction": record.jurisdiction,
    }
    to = who_owes_minutes(work, record)
    work.emit(MINUTES_OWED_AGAIN, data, aggregate=("meeting", meeting.id), to=to)


def who_owes_minutes(work: Work, record: Record) -> list[Concerned]:
    """The MAPPA administrators of the unit that manages the person."""
    cards = read_model.holders(work.session, ADMINISTRATOR, record.managing_unit)
    return holding(cards, ADMINISTRATOR, record.managing_unit, record.owner_agency)
