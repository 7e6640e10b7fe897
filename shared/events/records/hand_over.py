from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class HandedOver(Schema):
    """`nominal_id` where it was one record alone; each record's own change is told by its own facts."""

    hand_over_id = fields.UUID(required=True)
    role = fields.String(required=True)
    count = fields.Integer(required=True)
    several = fields.Boolean(required=True)
    nominal_id = fields.UUID(required=True, allow_none=True)


HANDED_OVER = register(EventKind("records.hand_over.done", 1, HandedOver))
