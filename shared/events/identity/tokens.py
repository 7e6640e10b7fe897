from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.identity.common import information
from shared.events.registry import EventKind, register


class TokenSuspendedSchema(Schema):
    person_id = fields.UUID(required=True)
    token = fields.String(required=True)
    unit = fields.String(required=True)
    grant_id = fields.UUID(required=True)


class TokenSchema(Schema):
    person_id = fields.UUID(required=True)
    token = fields.String(required=True)
    unit = fields.String(required=True)


TOKEN_SUSPENDED = register(EventKind("identity.token.suspended", 1, TokenSuspendedSchema))
TOKEN_RESTORED = register(EventKind("identity.token.restored", 1, TokenSuspendedSchema))
TOKEN_GRANTED = information("identity.token.granted", TokenSchema)
TOKEN_REVOKED = information("identity.token.revoked", TokenSchema)


class TokenOrderSchema(Schema):
    order_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    token = fields.String(required=True)
    unit = fields.String(required=True)


class TokenOrderSettledSchema(TokenOrderSchema):
    """`outcome` is set or declined."""

    outcome = fields.String(required=True)


TOKEN_AUTHORISED = register(EventKind("identity.token.authorised", 1, TokenOrderSchema))
TOKEN_SETTLED = register(EventKind("identity.token.settled", 1, TokenOrderSettledSchema))
