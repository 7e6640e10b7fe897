"""The facts that records tells: identifiers, codes, dates and counts; never a name, never a narrative."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields

from shared.events.registry import EventKind, register


class OfNominal(Schema):
    nominal_id = fields.UUID(required=True)


class ReferralRegistered(Schema):
    referral_id = fields.UUID(required=True)
    category = fields.String(required=True)
    level = fields.Integer(required=True, allow_none=True)
    registered_on = fields.Date(required=True)
    unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class NominalCreated(OfNominal):
    referral_id = fields.UUID(required=True, allow_none=True)
    category = fields.String(required=True)
    level = fields.Integer(required=True, allow_none=True)
    owner_unit = fields.String(required=True)


class AccessedUnpartnered(OfNominal):
    """`refused`: an attempt at a record under Limited Access, which was not let in."""

    access_id = fields.UUID(required=True)
    refused = fields.Boolean(load_default=False)


class Standing(Schema):
    person_id = fields.UUID(required=True)
    standing = fields.String(required=True)


class StandingChanged(OfNominal):
    """The whole picture of who stands how to the nominal, as `chunks` events numbered `chunk` from 1."""

    chunk = fields.Integer(required=True)
    chunks = fields.Integer(required=True)
    version = fields.Integer(required=True)
    standings = fields.List(fields.Nested(Standing), required=True)


class NominalVersions(fields.Field[list[dict[str, Any]]]):
    """[{nominal_id, version}], read and written in one go: hundreds of nested schemas take a hundred times as long."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        return [{"nominal_id": str(one["nominal_id"]), "version": int(one["version"])} for one in value]

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[dict[str, Any]]:  # noqa: ARG002
        try:
            return [{"nominal_id": _uuid(one["nominal_id"]), "version": int(one["version"])} for one in value]
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise ValidationError("not a list of nominals and their versions") from error


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


class StandingAdded(Schema):
    """One person stands to many nominals from now on; `version` is each nominal's standing version after it."""

    person_id = fields.UUID(required=True)
    standing = fields.String(required=True)
    nominals = NominalVersions(required=True)


class BulkPartnerCompleted(Schema):
    job_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    added = fields.Integer(required=True)
    already = fields.Integer(required=True)
    limited = fields.Integer(required=True)
    failed = fields.Integer(required=True)


class NominalChanged(OfNominal):
    what = fields.String(required=True)
    standing_version = fields.Integer(required=True)


class PartnershipRequested(OfNominal):
    """`for_reception` is the reception whose deadline the request meets."""

    request_id = fields.UUID(required=True)
    requesting_unit = fields.String(required=True)
    owner_unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)
    users = fields.Integer(required=True)
    for_reception = fields.UUID(required=True, allow_none=True)


class PartnershipDecided(OfNominal):
    request_id = fields.UUID(required=True)


class ActivityAdded(OfNominal):
    entry_id = fields.UUID(required=True)
    standing_version = fields.Integer(required=True)


class NotifyManager(OfNominal):
    entry_id = fields.UUID(required=True)
    for_attention = fields.List(fields.String(), required=True)


class CustodyReceived(OfNominal):
    """`already_partnered`: somebody of this prison is a partner of the record, so nobody there need ask to be."""

    reception_id = fields.UUID(required=True)
    prison = fields.String(required=True)
    owner_unit = fields.String(required=True)
    received_at = fields.AwareDateTime(required=True)
    jurisdiction = fields.String(required=True)
    already_partnered = fields.Boolean(load_default=False)


class CustodyLeft(OfNominal):
    """The person left the prison that this reception had brought them to, or it was overtaken by another."""

    reception_id = fields.UUID(required=True)
    prison = fields.String(required=True)
    left_at = fields.AwareDateTime(required=True)


class MeetingHeld(OfNominal):
    meeting_id = fields.UUID(required=True)
    level = fields.Integer(required=True)
    held_on = fields.Date(required=True)
    managing_unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class MinutesAdded(OfNominal):
    meeting_id = fields.UUID(required=True)


class HoldingsCounted(Schema):
    """How many live records somebody who left still manages, supervises and is partner to."""

    person_id = fields.UUID(required=True)
    manager_of = fields.Integer(required=True)
    supervisor_of = fields.Integer(required=True)
    partner_of = fields.Integer(required=True)


REFERRAL_REGISTERED = register(EventKind("records.referral.registered", 1, ReferralRegistered))
NOMINAL_CREATED = register(EventKind("records.nominal.created", 1, NominalCreated))
NOMINAL_ACCESSED_UNPARTNERED = register(
    EventKind("records.nominal.accessed_unpartnered", 1, AccessedUnpartnered)
)
NOMINAL_CHANGED = register(EventKind("records.nominal.changed", 1, NominalChanged))
NOMINAL_DELETED = register(EventKind("records.nominal.deleted", 1, OfNominal))
STANDING_CHANGED = register(EventKind("records.standing.changed", 1, StandingChanged))
STANDING_ADDED = register(EventKind("records.standing.added", 1, StandingAdded))
PARTNERSHIP_REQUESTED = register(EventKind("records.partnership.requested", 1, PartnershipRequested))
PARTNERSHIP_GRANTED = register(EventKind("records.partnership.granted", 1, PartnershipDecided))
PARTNERSHIP_REFUSED = register(EventKind("records.partnership.refused", 1, PartnershipDecided))
BULK_PARTNER_COMPLETED = register(EventKind("records.bulk_partner.completed", 1, BulkPartnerCompleted))
ACTIVITY_ADDED = register(EventKind("records.activity.added", 1, ActivityAdded))
NOTIFY_MANAGER = register(EventKind("records.activity.notify_manager", 1, NotifyManager, urgent=True))
CUSTODY_RECEIVED = register(EventKind("records.custody.received", 1, CustodyReceived))
CUSTODY_LEFT = register(EventKind("records.custody.left", 1, CustodyLeft))
MEETING_HELD = register(EventKind("records.meeting.held", 1, MeetingHeld))
MINUTES_ADDED = register(EventKind("records.minutes.added", 1, MinutesAdded))
HOLDINGS_COUNTED = register(EventKind("records.holdings.counted", 1, HoldingsCounted))
