from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class MeetingHeld(OfNominal):
    meeting_id = fields.UUID(required=True)
    level = fields.Integer(required=True)
    held_on = fields.Date(required=True)
    managing_unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class MinutesAdded(OfNominal):
    meeting_id = fields.UUID(required=True)


MEETING_HELD = register(EventKind("records.meeting.held", 1, MeetingHeld))
MINUTES_ADDED = register(EventKind("records.minutes.added", 1, MinutesAdded))
