"""Minutes that come into the folder of the plan stop the meeting's clock (PF-4.20.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from services.records.access.record import Record
from services.records.attachments.followed import follows
from services.records.attachments.models import Entry
from services.records.meetings.entering import enter, meeting_of, minutes_came, minutes_went
from services.records.meetings.models import Meeting
from services.records.meetings.rules import wrong_dates
from shared.refusals import Invalid
from shared.work import Work

# What the folder calls them, and the meeting's level; a core group has none.
LEVELS: Mapping[str, int | None] = {
    "MAPPA level 2 minutes": 2,
    "MAPPA level 3 minutes": 3,
    "core group minutes": None,
}
_GONE = frozenset({"removed", "superseded"})


@follows("risk_management_plan")
def minutes_written(work: Work, record: Record, entry: Entry, values: Mapping[str, Any]) -> None:
    """The meeting of that day has its minutes; one that nobody entered is entered with them.

    An entry that is removed, or changed to another day, leaves its old meeting without minutes: they are owed again.
    """
    kind, held_on = str(values.get("entry_type")), values.get("entry_date")
    meeting = None
    if entry.state not in _GONE and kind in LEVELS and held_on is not None:
        if wrong := wrong_dates(held_on, work.today):
            raise Invalid({"entry_date": wrong["held_on"]})
        level = LEVELS[kind]
        meeting = meeting_of(work, record.id, level, held_on) or enter(work, record, level, held_on)
    _release(work, record, entry, meeting)
    if meeting is not None and meeting.minutes_added_at is None:
        meeting.minutes_entry_id = entry.id
        minutes_came(work, record, meeting, values.get("received_date") or work.today)


def _release(work: Work, record: Record, entry: Entry, but: Meeting | None) -> None:
    held = select(Meeting).where(Meeting.minutes_entry_id == entry.id).with_for_update()
    for meeting in work.session.execute(held).scalars():
        if meeting is not but:
            minutes_went(work, record, meeting)
