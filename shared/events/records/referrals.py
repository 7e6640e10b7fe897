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


class ReferralDue(Schema):
    """A record must now be created: `duty` is the deadline that begins, `counts_from` the day it counts from."""

    referral_id = fields.UUID(required=True)
    duty = fields.String(required=True)
    counts_from = fields.Date(required=True)
    unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class ReferralMoved(Schema):
    """The date that a running deadline counts from is another: a release that was put off, a sentence corrected."""

    referral_id = fields.UUID(required=True)
    counts_from = fields.Date(required=True)


class RecordAsked(Schema):
    """A prison asks for a record of somebody it holds (PF-4.12.1)."""

    referral_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    prison = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class OfReferral(Schema):
    referral_id = fields.UUID(required=True)


class RecordGiven(OfReferral):
    nominal_id = fields.UUID(required=True)


REFERRAL_REGISTERED = register(EventKind("records.referral.registered", 1, ReferralRegistered))
REFERRAL_DUE = register(EventKind("records.referral.due", 1, ReferralDue))
REFERRAL_MOVED = register(EventKind("records.referral.moved", 1, ReferralMoved))
# No record will be created: it was a mistake, or the area says no.
REFERRAL_CLOSED = register(EventKind("records.referral.closed", 1, OfReferral))
RECORD_ASKED = register(EventKind("records.referral.asked", 1, RecordAsked))
# For the prison's CPC, who is informed and need do nothing.
RECORD_ASKED_INFORMED = register(EventKind("records.referral.asked_informed", 1, RecordAsked))
RECORD_GIVEN = register(EventKind("records.referral.given", 1, RecordGiven))
