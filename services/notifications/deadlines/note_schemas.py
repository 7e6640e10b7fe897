"""What is entered about deadlines by hand, or told by another system."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.schemas import Answer, Input


class DayInput(Input):
    on = fields.Date(required=True, metadata={"label": "Which day", "noun": "the day"})


class MomentInput(Input):
    at = fields.AwareDateTime(
        required=True, metadata={"label": "Date and time", "widget": "datetime", "noun": "the date and time"}
    )


class PauseInput(Input):
    reason = fields.String(
        required=True,
        validate=validate.Length(min=1, max=500),
        metadata={"label": "Why it stands still", "noun": "why it stands still", "widget": "textarea"},
    )


class ToldOccasion(Input):
    """`duty` is a code of the catalogue, with its variant after a dot; `reference` the sender's own id of it."""

    duty = fields.String(required=True, validate=validate.Length(max=40))
    unit = fields.String(required=True, validate=validate.Length(max=60))
    at = fields.AwareDateTime(required=True)
    reference = fields.UUID(required=True)
    nominal_id = fields.UUID(load_default=None, allow_none=True)
    done = fields.Boolean(load_default=False, metadata={"description": "that it was done, at that time"})


class BegunAnswer(Answer):
    id = fields.UUID()
    code = fields.String()
    state = fields.String()
    due_on = fields.Date(allow_none=True)
    due_at = fields.AwareDateTime(allow_none=True)
