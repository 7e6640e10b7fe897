from __future__ import annotations

from marshmallow import Schema, fields


class OfNominal(Schema):
    nominal_id = fields.UUID(required=True)
