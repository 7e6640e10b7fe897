"""What asking for Central Support and deciding on it take."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.tokens.schemas import reason_field
from shared.web.schemas import Answer, Input


class AskInput(Input):
    reason = reason_field("Why you need it")


class AskedAnswer(Answer):
    id = fields.UUID()


class DecideInput(Input):
    decision = fields.String(
        required=True,
        validate=validate.OneOf(["grant", "refuse"]),
        metadata={"options": [("grant", "Grant the token"), ("refuse", "Refuse it")]},
    )
    reason = reason_field("Why")


class RequestAnswer(Answer):
    id = fields.UUID()
    person_id = fields.UUID()
    person_name = fields.String()
    card_url = fields.String()
    unit_name = fields.String()
    reason = fields.String()
    asked_at = fields.AwareDateTime()
    state = fields.String()
    decision_reason = fields.String(allow_none=True)
    own = fields.Boolean()


class RequestsAnswer(Answer):
    requests = fields.List(fields.Nested(RequestAnswer))
    may_ask = fields.Boolean()
