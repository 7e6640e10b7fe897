from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class VettingExpiringSchema(Schema):
    """The end of somebody's vetting came in sight; `unit` is theirs. Told once: the clock of D-15 reminds."""

    person_id = fields.UUID(required=True)
    end_id = fields.UUID(required=True)
    expires_on = fields.Date(required=True)
    unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class VettingEndSchema(Schema):
    """Outlasted by something as good, or dropped: revoked, or its holder's account archived."""

    person_id = fields.UUID(required=True)
    end_id = fields.UUID(required=True)


class VettingExpiredSchema(Schema):
    """`end_id` is the end that was foretold, if it was."""

    person_id = fields.UUID(required=True)
    expired_on = fields.Date(required=True)
    expiry_id = fields.UUID(required=True)
    end_id = fields.UUID(required=True, allow_none=True)


class VettingRenewedSchema(Schema):
    """`expiry_id` is the last expiry that was told."""

    person_id = fields.UUID(required=True)
    vetting_id = fields.UUID(required=True)
    expiry_id = fields.UUID(required=True, allow_none=True)


class VettingExceptionSchema(Schema):
    person_id = fields.UUID(required=True)
    exception_id = fields.UUID(required=True)
    last_day = fields.Date(required=True)


class VettingTypeSchema(Schema):
    change_id = fields.UUID(required=True)
    code = fields.String(required=True)


class VettingGapSchema(Schema):
    """Enabled accounts of a CPC's area without current vetting; `check_id` stands for the day and area."""

    check_id = fields.UUID(required=True)
    day = fields.Date(required=True)
    unit = fields.String(required=True)
    accounts = fields.Integer(required=True)


VETTING_EXPIRING = register(EventKind("identity.vetting.expiring", 1, VettingExpiringSchema))
VETTING_OUTLASTED = register(EventKind("identity.vetting.outlasted", 1, VettingEndSchema))
VETTING_DROPPED = register(EventKind("identity.vetting.dropped", 1, VettingEndSchema))
VETTING_EXPIRED = register(EventKind("identity.vetting.expired", 1, VettingExpiredSchema))
VETTING_RENEWED = register(EventKind("identity.vetting.renewed", 1, VettingRenewedSchema))
VETTING_EXCEPTED = register(EventKind("identity.vetting.excepted", 1, VettingExceptionSchema))
VETTING_TYPE_PROPOSED = register(EventKind("identity.vetting_type.proposed", 1, VettingTypeSchema))
VETTING_TYPE_DECIDED = register(EventKind("identity.vetting_type.decided", 1, VettingTypeSchema))
VETTING_GAP = register(EventKind("identity.vetting.gap_found", 1, VettingGapSchema))
