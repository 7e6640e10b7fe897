"""What goes into and comes out of a prison's switch and a record's notices."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.schemas import Answer, Input

STATES = {"on": "On: release dates are told", "off": "Off: nothing is told by itself"}


class SwitchInput(Input):
    on = fields.String(
        required=True,
        validate=validate.OneOf(list(STATES)),
        metadata={
            "label": "From that day, the notices are",
            "noun": "whether the notices are on or off",
            "widget": "radios",
            "options": list(STATES.items()),
        },
    )
    from_day = fields.Date(
        required=True,
        metadata={
            "label": "From which day?",
            "noun": "the day",
            "hint": "Today or later. What is said for the same day again replaces it.",
        },
    )


class SwitchAnswer(Answer):
    prison = fields.String()
    from_day = fields.Date()
    on = fields.Boolean()
    said_by = fields.UUID()
    said_at = fields.AwareDateTime()


class PrisonLine(Answer):
    code = fields.String()
    name = fields.String()
    on = fields.Boolean()
    since = fields.Date(allow_none=True)


class PrisonsAnswer(Answer):
    prisons = fields.List(fields.Nested(PrisonLine))


class PrisonAnswer(PrisonLine):
    """`said`: all that was said, of the latest day first."""

    said = fields.List(fields.Nested(SwitchAnswer))


class ReceiptAnswer(Answer):
    """`delivered_at`: when it came onto this person's list; None where it has not."""

    person_id = fields.UUID()
    capacity = fields.String()
    delivered_at = fields.AwareDateTime(allow_none=True)
    read_at = fields.AwareDateTime(allow_none=True)


class NoticeAnswer(Answer):
    """Of a graded entry no date is given here."""

    id = fields.UUID()
    nominal_id = fields.UUID()
    prison = fields.String()
    what = fields.String()
    release_on = fields.Date(allow_none=True)
    was_on = fields.Date(allow_none=True)
    restricted = fields.Boolean()
    told_by = fields.UUID()
    told_at = fields.AwareDateTime()
    receipts = fields.List(fields.Nested(ReceiptAnswer))


class NoticesAnswer(Answer):
    notices = fields.List(fields.Nested(NoticeAnswer))
