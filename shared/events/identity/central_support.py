from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class CentralSupportAskedSchema(Schema):
    request_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class CentralSupportDecidedSchema(Schema):
    """`outcome` is granted or refused."""

    request_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    outcome = fields.String(required=True)


CENTRAL_SUPPORT_ASKED = register(EventKind("identity.central_support.asked", 1, CentralSupportAskedSchema))
CENTRAL_SUPPORT_DECIDED = register(
    EventKind("identity.central_support.decided", 1, CentralSupportDecidedSchema)
)
