"""What goes into and comes out of a sign-off."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate

from services.records.risk.rules import STATES
from shared.web.schemas import Answer, Input


def said(text: str) -> None:
    if not text.strip():
        raise ValidationError("Say what must be put right")


class Seen(Input):
    """`round_id`: which words were read. Who decides about others, changed meanwhile, is told so (R34)."""

    round_id = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class Returned(Seen):
    comment = fields.String(
        required=True,
        validate=[validate.Length(1, 4_000), said],
        metadata={
            "label": "What must be put right?",
            "noun": "what must be put right",
            "hint": "Whoever added the assessment reads this.",
            "widget": "textarea",
        },
    )


class AssessmentAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    entry_id = fields.UUID()
    level = fields.String()
    assessed_on = fields.Date()
    termination = fields.Boolean()
    state = fields.String(validate=validate.OneOf(list(STATES)))
    round_id = fields.UUID()
    added_by = fields.UUID()
    added_at = fields.AwareDateTime()
    decided_by = fields.UUID(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)


class AssessmentWhole(AssessmentAnswer):
    comment = fields.String(allow_none=True)


class AssessmentList(Answer):
    assessments = fields.List(fields.Nested(AssessmentWhole))
    may_sign_off = fields.Boolean()
