"""Sessions as their owner sees them."""

from __future__ import annotations

from marshmallow import fields

from shared.web.schemas import Answer


class SessionAnswer(Answer):
    id = fields.UUID()
    opened_at = fields.AwareDateTime()
    last_seen_at = fields.AwareDateTime()
    place = fields.String(allow_none=True)
    terminal = fields.String(allow_none=True)
    current = fields.Boolean()


class SessionsAnswer(Answer):
    sessions = fields.List(fields.Nested(SessionAnswer))
