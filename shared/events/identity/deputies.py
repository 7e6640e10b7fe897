from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class DeputySchema(Schema):
    """Somebody stands in for the CPC of `unit`; `ground` is absent, vacant or cover; `valid_to` the last day."""

    deputyship_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    ground = fields.String(required=True)
    valid_to = fields.Date(required=True)


DEPUTY_NAMED = register(EventKind("identity.deputy.named", 1, DeputySchema))
DEPUTY_ENDED = register(EventKind("identity.deputy.ended", 1, DeputySchema))
