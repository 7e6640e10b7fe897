"""The facts that identity tells: identifiers, codes and times, never a name."""

from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class DirectoryChangedSchema(Schema):
    version = fields.Integer(required=True)


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


class VettingExpiredSchema(Schema):
    person_id = fields.UUID(required=True)
    expired_on = fields.Date(required=True)


class TokenSchema(Schema):
    person_id = fields.UUID(required=True)
    token = fields.String(required=True)
    unit = fields.String(required=True)


class DocumentPublishedSchema(Schema):
    document = fields.String(required=True)
    version = fields.String(required=True)


class DocumentSignedSchema(DocumentPublishedSchema):
    person_id = fields.UUID(required=True)


class PolicyChangedSchema(Schema):
    """A value of national policy that two people changed: yes or no, a number, a text or a list of those."""

    change_id = fields.UUID(required=True)
    key = fields.String(required=True)
    value = fields.Raw(required=True)
    in_force_from = fields.Date(required=True)
    in_force_to = fields.Date(required=True, allow_none=True)
    source = fields.String(required=True)
    proposed_by = fields.UUID(required=True)
    proposed_at = fields.AwareDateTime(required=True)
    confirmed_by = fields.UUID(required=True)
    confirmed_at = fields.AwareDateTime(required=True)


class PolicyProposedSchema(Schema):
    change_id = fields.UUID(required=True)
    key = fields.String(required=True)


class AccountSchema(Schema):
    person_id = fields.UUID(required=True)
    unit = fields.String(required=True)


class AccountDisabledSchema(AccountSchema):
    """`reason_code` is one of identity's `accounts.rules.REASONS`."""

    reason_code = fields.String(required=True)


class AccountLeavingSchema(AccountSchema):
    left_on = fields.Date(required=True)


class AccountMovedSchema(Schema):
    person_id = fields.UUID(required=True)
    from_unit = fields.String(required=True)
    to_unit = fields.String(required=True)


class AccountDormantSchema(AccountSchema):
    dormancy_id = fields.UUID(required=True)


def _information(name: str, schema: type[Schema]) -> EventKind:
    """A fact that nobody need subscribe to."""
    return register(EventKind(name, 1, schema, needs_subscriber=False))


DIRECTORY_CHANGED = _information("identity.directory.changed", DirectoryChangedSchema)
SESSION_REVOKED = register(EventKind("identity.session.revoked", 1, SessionRevokedSchema, urgent=True))
SESSION_REFUSED = register(EventKind("identity.session.refused", 1, SessionRefusedSchema))
VETTING_EXPIRED = register(EventKind("identity.vetting.expired", 1, VettingExpiredSchema))
TOKEN_GRANTED = _information("identity.token.granted", TokenSchema)
TOKEN_REVOKED = _information("identity.token.revoked", TokenSchema)
DOCUMENT_PUBLISHED = _information("identity.document.published", DocumentPublishedSchema)
DOCUMENT_SIGNED = _information("identity.document.signed", DocumentSignedSchema)
POLICY_CHANGED = register(EventKind("identity.policy.changed", 1, PolicyChangedSchema))
POLICY_PROPOSED = register(EventKind("identity.policy.proposed", 1, PolicyProposedSchema))
POLICY_DECIDED = register(EventKind("identity.policy.decided", 1, PolicyProposedSchema))
ACCOUNT_NOMINATED = register(EventKind("identity.account.nominated", 1, AccountSchema))
ACCOUNT_REQUESTED = register(EventKind("identity.account.requested", 1, AccountSchema))
ACCOUNT_AUTHORISED = register(EventKind("identity.account.authorised", 1, AccountSchema))
ACCOUNT_DECLINED = register(EventKind("identity.account.declined", 1, AccountSchema))
ACCOUNT_CREATED = register(EventKind("identity.account.created", 1, AccountSchema))
ACCOUNT_ACTIVATED = register(EventKind("identity.account.activated", 1, AccountSchema))
ACCOUNT_DISABLED = register(EventKind("identity.account.disabled", 1, AccountDisabledSchema))
ACCOUNT_REACTIVATED = register(EventKind("identity.account.reactivated", 1, AccountSchema))
ACCOUNT_LEAVING = register(EventKind("identity.account.leaving", 1, AccountLeavingSchema))
ACCOUNT_ARCHIVED = register(EventKind("identity.account.archived", 1, AccountSchema))
ACCOUNT_MOVED = register(EventKind("identity.account.moved", 1, AccountMovedSchema))
ACCOUNT_DORMANT = register(EventKind("identity.account.dormant", 1, AccountDormantSchema))
ACCOUNT_DORMANCY_DECIDED = register(EventKind("identity.account.dormancy_decided", 1, AccountDormantSchema))
