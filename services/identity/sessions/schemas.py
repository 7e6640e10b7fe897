"""Sessions as their owner sees them."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.people.schemas import CardAnswer
from shared.web.schemas import Answer, Input


class SessionAnswer(Answer):
    id = fields.UUID()
    opened_at = fields.AwareDateTime()
    last_seen_at = fields.AwareDateTime()
    place = fields.String(allow_none=True)
    terminal = fields.String(allow_none=True)
    current = fields.Boolean()


class EndAllInput(Input):
    reason = fields.String(
        required=True,
        validate=validate.Length(min=5, max=500),
        metadata={"label": "Why", "widget": "textarea", "noun": "why the sessions are ended"},
    )


class SessionsAnswer(Answer):
    sessions = fields.List(fields.Nested(SessionAnswer))


class SessionsOfAnswer(SessionsAnswer):
    person = fields.Nested(CardAnswer)
