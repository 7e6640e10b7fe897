from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class SessionRevokedSchema(Schema):
    """One session, or every session that a person opened up to `at`."""

    session_id = fields.UUID(required=True, allow_none=True)
    person_id = fields.UUID(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)
    reason_code = fields.String(required=True)


class SessionRefusedSchema(Schema):
    """`terminal` is an asset tag; both are null where they are not known."""

    refusal_code = fields.String(required=True)
    person_id = fields.UUID(required=True, allow_none=True)
    terminal = fields.String(required=True, allow_none=True)


class CredentialsChangedSchema(Schema):
    """`what` is password_changed, password_reset, code_replaced, passkey_added, passkey_removed or recovered."""

    person_id = fields.UUID(required=True)
    change_id = fields.UUID(required=True)
    what = fields.String(required=True)


SESSION_REVOKED = register(EventKind("identity.session.revoked", 1, SessionRevokedSchema, urgent=True))
SESSION_REFUSED = register(EventKind("identity.session.refused", 1, SessionRefusedSchema))
CREDENTIALS_CHANGED = register(EventKind("identity.credentials.changed", 1, CredentialsChangedSchema))
