"""Meetings and their minutes in whole-record acts; of one meeting entered on both records, one stays behind."""

from __future__ import annotations

from services.records.meetings.models import MINUTES, Meeting
from services.records.nominals.keepers import keep
from services.records.nominals.occasions import occasion

keep(Meeting, sealed={"minutes": MINUTES}, alike=("held_on", "level"))
occasion(
    "records.meeting.held",
    Meeting.id,
    Meeting.managing_unit,
    Meeting.minutes_added_at.is_(None),
    Meeting.owed_again_id.is_(None),
    Meeting.level.is_not(None),
)
occasion(
    "records.minutes.received",
    Meeting.id,
    Meeting.managing_unit,
    Meeting.minutes_added_at.is_(None),
    Meeting.owed_again_id.is_(None),
    Meeting.minutes_received_on.is_not(None),
)
occasion(
    "records.minutes.owed_again",
    Meeting.owed_again_id,
    Meeting.managing_unit,
    Meeting.minutes_added_at.is_(None),
    Meeting.owed_again_id.is_not(None),
)
