"""Network entitlements as they are given and shown."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.entitlements.gateways import gateways
from shared.web.schemas import Answer, Input


class RecordEntitlementInput(Input):
    kind = fields.String(
        required=True,
        validate=validate.OneOf(list(gateways())),
        metadata={
            "label": "Network or gateway",
            "options": [(one.code, one.name, f"Clause {one.clause}") for one in gateways().values()],
        },
    )
    reference = fields.String(
        required=True,
        validate=validate.Length(min=1, max=200),
        metadata={"label": "Reference", "hint": "Of the request or the service desk’s call", "width": 20},
    )
    valid_from = fields.Date(required=True, metadata={"label": "First day"})
    valid_to = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"label": "Last day", "hint": "Empty while it stands; a gateway of 2009 has one"},
    )


class EntitlementAnswer(Answer):
    id = fields.UUID()
    kind = fields.String()
    name = fields.String()
    contact = fields.String()
    reference = fields.String()
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)


class EntitlementsAnswer(Answer):
    entitlements = fields.List(fields.Nested(EntitlementAnswer))
    may_change = fields.Boolean()
