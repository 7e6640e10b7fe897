"""What goes into and comes out of meetings."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from shared.web.schemas import Answer, Input

CORE_GROUP = "core_group"


class Held(fields.Field[int | None]):
    """The level, 2 or 3; "core_group" for a core group, which has none."""

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> int | None:
        if value == CORE_GROUP:
            return None
        if str(value) in {"2", "3"} and not isinstance(value, bool):
            return int(value)
        raise ValidationError("Choose level 2, level 3 or core group")


class NewMeeting(Input):
    level = Held(
        required=True,
        metadata={
            "label": "Which meeting was it?",
            "noun": "which meeting it was",
            "widget": "radios",
            "options": [
                ("2", "Level 2 MAPP meeting"),
                ("3", "Level 3 MAPP meeting", "Its minutes are due sooner"),
                (CORE_GROUP, "Core group", "Its minutes are added as soon as they come"),
            ],
        },
    )
    held_on = fields.Date(required=True, metadata={"label": "Date of the meeting"})


def written(text: str) -> None:
    """Blanks are no minutes."""
    if not text.strip():
        raise ValidationError("Enter the minutes")


class MinutesReceipt(Input):
    received_on = fields.Date(
        required=True,
        metadata={"label": "Date the minutes came", "noun": "the date on which the minutes came"},
    )


class NewMinutes(Input):
    received_on = fields.Date(
        required=True,
        metadata={"label": "Date the minutes came", "noun": "the date on which the minutes came"},
    )
    minutes = fields.String(
        required=True,
        validate=[validate.Length(1, 50_000), written],
        metadata={"label": "Minutes", "widget": "textarea", "rows": 15, "noun": "the minutes"},
    )


class MeetingAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    level = fields.Integer(allow_none=True)
    held_on = fields.Date()
    minutes_due_on = fields.Date(allow_none=True)
    minutes_received_on = fields.Date(allow_none=True)
    minutes_added_at = fields.AwareDateTime(allow_none=True)
    minutes_entry_id = fields.UUID(allow_none=True)


class MeetingList(Answer):
    meetings = fields.List(fields.Nested(MeetingAnswer))


class MeetingWhole(MeetingAnswer):
    minutes = fields.String(allow_none=True)
