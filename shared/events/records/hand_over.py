from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class HandedOver(Schema):
    """`nominal_id` where it was one record alone; each record's own change is told by its own facts."""

    hand_over_id = fields.UUID(required=True)
    role = fields.String(required=True)
    count = fields.Integer(required=True)
    several = fields.Boolean(required=True)
    nominal_id = fields.UUID(required=True, allow_none=True)


class HolderChanged(OfNominal):
    """One record's `role` (manager or supervisor) passed on within its area, whoever did it, alone or with others.

    `standing_version` is that of the picture which knows of it.
    """

    role = fields.String(required=True)
    holder_id = fields.UUID(required=True)
    previous_id = fields.UUID(required=True, allow_none=True)
    managing_unit = fields.String(required=True)
    standing_version = fields.Integer(required=True)


HANDED_OVER = register(EventKind("records.hand_over.done", 1, HandedOver))
HOLDER_CHANGED = register(EventKind("records.hand_over.holder_changed", 1, HolderChanged))
