from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class ReferralRegistered(Schema):
    referral_id = fields.UUID(required=True)
    category = fields.String(required=True)
    level = fields.Integer(required=True, allow_none=True)
    registered_on = fields.Date(required=True)
    unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


REFERRAL_REGISTERED = register(EventKind("records.referral.registered", 1, ReferralRegistered))
