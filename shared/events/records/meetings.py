from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class MeetingHeld(OfNominal):
    """Without a level it was a core group."""

    meeting_id = fields.UUID(required=True)
    level = fields.Integer(required=True, allow_none=True)
    held_on = fields.Date(required=True)
    managing_unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class MeetingCopied(OfNominal):
    """For partners of other units: `managing_unit` adds the minutes (PF-4.20.5)."""

    meeting_id = fields.UUID(required=True)
    managing_unit = fields.String(required=True)


class MinutesAdded(OfNominal):
    """`owed_again_id` where they were on the record before, and went."""

    meeting_id = fields.UUID(required=True)
    owed_again_id = fields.UUID(load_default=None, allow_none=True)


class MinutesOwedAgain(OfNominal):
    """What held them was removed, or is another meeting's by now; `owed_again_id` is new each time."""

    owed_again_id = fields.UUID(required=True)
    meeting_id = fields.UUID(required=True)
    owed_by = fields.Date(required=True)
    managing_unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class MinutesReceived(OfNominal):
    meeting_id = fields.UUID(required=True)
    received_on = fields.Date(required=True)
    managing_unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


MEETING_HELD = register(EventKind("records.meeting.held", 1, MeetingHeld))
MEETING_COPIED = register(EventKind("records.meeting.copied", 1, MeetingCopied))
MINUTES_ADDED = register(EventKind("records.minutes.added", 1, MinutesAdded))
MINUTES_OWED_AGAIN = register(EventKind("records.minutes.owed_again", 1, MinutesOwedAgain))
MINUTES_RECEIVED = register(EventKind("records.minutes.received", 1, MinutesReceived))
