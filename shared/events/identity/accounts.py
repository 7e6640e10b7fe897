from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class AccountSchema(Schema):
    person_id = fields.UUID(required=True)
    unit = fields.String(required=True)


class AccountDisabledSchema(AccountSchema):
    """`reason_code` is one of identity's `accounts.rules.REASONS`."""

    reason_code = fields.String(required=True)


class AccountRequestSchema(AccountSchema):
    """One request for an account: who was declined may be asked for again."""

    request_id = fields.UUID(required=True)


class AccountLeaverSchema(AccountSchema):
    """`leaver_id` is null where nobody had reported that the person left."""

    leaver_id = fields.UUID(required=True, allow_none=True)


class AccountLeavingSchema(AccountLeaverSchema):
    left_on = fields.Date(required=True)
    jurisdiction = fields.String(required=True)


class AccountMovedSchema(Schema):
    person_id = fields.UUID(required=True)
    from_unit = fields.String(required=True)
    to_unit = fields.String(required=True)


class AccountUnusedSchema(AccountSchema):
    """Nobody has used the account since that day; the time after which it is listed is half over (D-43)."""

    dormancy_id = fields.UUID(required=True)
    unused_since = fields.Date(required=True)
    jurisdiction = fields.String(required=True)


class AccountDormancyDecidedSchema(AccountSchema):
    """`decision` is used, keep, disable, or closed where the account was disabled for another reason."""

    dormancy_id = fields.UUID(required=True)
    decision = fields.String(required=True)


ACCOUNT_NOMINATED = register(EventKind("identity.account.nominated", 1, AccountSchema))
ACCOUNT_REQUESTED = register(EventKind("identity.account.requested", 1, AccountRequestSchema))
ACCOUNT_AUTHORISED = register(EventKind("identity.account.authorised", 1, AccountRequestSchema))
ACCOUNT_DECLINED = register(EventKind("identity.account.declined", 1, AccountRequestSchema))
ACCOUNT_CREATED = register(EventKind("identity.account.created", 1, AccountRequestSchema))
ACCOUNT_ACTIVATED = register(EventKind("identity.account.activated", 1, AccountSchema))
ACCOUNT_DISABLED = register(EventKind("identity.account.disabled", 1, AccountDisabledSchema))
ACCOUNT_REACTIVATED = register(EventKind("identity.account.reactivated", 1, AccountLeaverSchema))
ACCOUNT_LEAVING = register(EventKind("identity.account.leaving", 1, AccountLeavingSchema))
ACCOUNT_ARCHIVED = register(EventKind("identity.account.archived", 1, AccountLeaverSchema))
ACCOUNT_MOVED = register(EventKind("identity.account.moved", 1, AccountMovedSchema))
ACCOUNT_UNUSED = register(EventKind("identity.account.unused", 1, AccountUnusedSchema))
ACCOUNT_DORMANCY_DECIDED = register(
    EventKind("identity.account.dormancy_decided", 1, AccountDormancyDecidedSchema)
)
