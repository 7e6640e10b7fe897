"""What the list of stale records gives."""

from __future__ import annotations

from marshmallow import fields

from shared.web.schemas import Answer


class StaleLine(Answer):
    nominal_id = fields.UUID()
    visor_number = fields.String()
    name = fields.String()
    touched_at = fields.AwareDateTime()


class StaleAnswer(Answer):
    records = fields.List(fields.Nested(StaleLine))
