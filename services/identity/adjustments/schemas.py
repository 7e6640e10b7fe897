"""What plans and exemptions take and answer."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.finders import PEOPLE
from shared.web.schemas import Answer, Input


class PlanInput(Input):
    need = fields.String(
        required=True,
        validate=validate.Length(3, 1000),
        metadata={"label": "What the person needs", "widget": "textarea"},
    )
    adjustment = fields.String(
        required=True,
        validate=validate.Length(3, 1000),
        metadata={"label": "What is done about it", "widget": "textarea"},
    )
    administrator = fields.String(
        required=True,
        validate=validate.Length(3, 120),
        metadata={"label": "Who reads and enters for them", "finder": PEOPLE},
    )


class ExemptInput(Input):
    options_tried = fields.String(
        required=True,
        validate=validate.Length(20, 2000),
        metadata={
            "label": "Which options were tried, and why access is impossible",
            "widget": "textarea",
            "rows": 8,
        },
    )
    exempt_from = fields.Date(
        required=True, metadata={"label": "Exempt from", "noun": "the day the exemption begins"}
    )
    review_on = fields.Date(
        required=True, metadata={"label": "To be reviewed on", "noun": "the day of the review"}
    )


class KeptAnswer(Answer):
    id = fields.UUID()
    person_id = fields.UUID()


class WhoAnswer(Answer):
    name = fields.String()
    card_url = fields.String()


class PlanAnswer(Answer):
    need = fields.String()
    adjustment = fields.String()
    administrator = fields.Nested(WhoAnswer)
    made_by = fields.Nested(WhoAnswer)
    made_at = fields.AwareDateTime()


class ExemptionAnswer(Answer):
    options_tried = fields.String()
    exempt_from = fields.Date()
    review_on = fields.Date()
    overdue = fields.Boolean()
    made_by = fields.Nested(WhoAnswer)
    made_at = fields.AwareDateTime()


class AdjustmentsAnswer(Answer):
    person_id = fields.UUID()
    name = fields.String()
    plan = fields.Nested(PlanAnswer, allow_none=True)
    exemption = fields.Nested(ExemptionAnswer, allow_none=True)
    may_change = fields.Boolean()
