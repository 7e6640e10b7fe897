"""What deciding about an unused account takes and answers."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.accounts.newcomer_schemas import reason
from services.identity.people.schemas import CardAnswer
from shared.web.schemas import Answer, Input


class DecideInput(Input):
    decision = fields.String(
        required=True,
        validate=validate.OneOf(["keep", "disable"]),
        metadata={
            "label": "What becomes of the account?",
            "options": [("keep", "Keep it open, until a day"), ("disable", "Disable it")],
        },
    )
    reason = reason("Why")
    keep_until = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"label": "Keep until", "hint": "Only where the account is kept open"},
    )
    lead_consulted = fields.Boolean(
        load_default=False,
        metadata={"label": "The ViSOR lead was consulted", "legend": "For prison staff"},
    )


class DormantAnswer(Answer):
    id = fields.UUID()
    person = fields.Nested(CardAnswer)
    unused_since = fields.Date()
    noticed_on = fields.Date()


class DormantsAnswer(Answer):
    dormant = fields.List(fields.Nested(DormantAnswer))
    page = fields.Integer()
    more = fields.Boolean()
