"""What goes into and comes out of meetings."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate

from shared.web.schemas import Answer, Input


class NewMeeting(Input):
    level = fields.Integer(
        required=True,
        validate=validate.OneOf([2, 3]),
        metadata={
            "label": "Level",
            "widget": "radios",
            "options": [
                ("2", "Level 2"),
                ("3", "Level 3", "Its minutes are due sooner"),
            ],
        },
    )
    held_on = fields.Date(required=True, metadata={"label": "Date of the meeting"})


def written(text: str) -> None:
    """Blanks are no minutes."""
    if not text.strip():
        raise ValidationError("Enter the minutes")


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
    level = fields.Integer()
    held_on = fields.Date()
    minutes_received_on = fields.Date(allow_none=True)
    minutes_added_at = fields.AwareDateTime(allow_none=True)


class MeetingList(Answer):
    meetings = fields.List(fields.Nested(MeetingAnswer))


class MeetingWhole(MeetingAnswer):
    minutes = fields.String(allow_none=True)
