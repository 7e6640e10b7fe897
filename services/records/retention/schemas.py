"""What a retention review takes and gives."""

from __future__ import annotations

from marshmallow import fields, validate

from services.records.access.schemas import full_reason
from services.records.retention.rules import PRECISIONS
from shared.web.schemas import Answer, Input


class KeepInput(Input):
    next_on = fields.Date(
        required=True,
        metadata={
            "label": "Next review",
            "noun": "the day of the next review",
            "hint": "You are told before it",
        },
    )
    reason = full_reason("Why the record is kept", "Give a full explanation. It stays with the record.")


class BirthInput(Input):
    precision = fields.String(
        required=True,
        validate=validate.OneOf(list(PRECISIONS)),
        metadata={
            "label": "What is known of the date of birth",
            "noun": "what is known of the date of birth",
            "options": list(PRECISIONS.items()),
            "widget": "radios",
        },
    )
    review_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"label": "Review on", "hint": "Only where nothing is known of the date of birth"},
    )
    basis = full_reason(
        "From where it is known", "For example from the birth certificate.", "from where it is known"
    )


class KeptAnswer(Answer):
    nominal_id = fields.UUID()
    precision = fields.String()
    review_on = fields.Date(allow_none=True)
    by_hand = fields.Boolean()


class ReviewAnswer(Answer):
    id = fields.UUID()
    review_on = fields.Date()
    outcome = fields.String(allow_none=True)
    reviewed_at = fields.AwareDateTime(allow_none=True)
    next_on = fields.Date(allow_none=True)
    reason = fields.String(allow_none=True)


class RetentionAnswer(KeptAnswer):
    visor_number = fields.String()
    may = fields.Boolean()
    due = fields.Boolean()
    basis = fields.String(allow_none=True)
    reviews = fields.List(fields.Nested(ReviewAnswer))


class ListInput(Input):
    show = fields.String(
        load_default="due", validate=validate.OneOf(["due", "manual", "over"]), metadata={"widget": "none"}
    )


class ListedAnswer(Answer):
    nominal_id = fields.UUID()
    visor_number = fields.String()
    name = fields.String()
    status = fields.String()
    review_on = fields.Date(allow_none=True)
    outcome = fields.String(allow_none=True)


class ListAnswer(Answer):
    records = fields.List(fields.Nested(ListedAnswer))
