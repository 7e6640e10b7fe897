from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class PrisonReturnSchema(Schema):
    return_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    month = fields.Date(required=True)


PRISON_RETURN_CONFIRMED = register(EventKind("identity.prison_return.confirmed", 1, PrisonReturnSchema))
