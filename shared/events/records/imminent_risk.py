"""All urgent, so that none overtakes another and none waits behind the day’s business."""

from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class ImminentRiskRaised(OfNominal):
    risk_id = fields.UUID(required=True)
    entry_id = fields.UUID(required=True)
    raised_at = fields.AwareDateTime(required=True)
    managing_unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class ImminentRiskAcknowledged(OfNominal):
    """`all`: with this person everybody who was told has acknowledged it."""

    risk_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    all = fields.Boolean(required=True)


class ImminentRiskStoodDown(OfNominal):
    risk_id = fields.UUID(required=True)


class ContactFlagged(OfNominal):
    """A contact elsewhere is about imminent risk, and is to be uploaded before all else."""

    contact_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    flagged_at = fields.AwareDateTime(required=True)
    jurisdiction = fields.String(required=True)


class ContactHandled(OfNominal):
    contact_id = fields.UUID(required=True)


IMMINENT_RISK = register(EventKind("records.imminent_risk.raised", 1, ImminentRiskRaised, urgent=True))
ACKNOWLEDGED = register(
    EventKind("records.imminent_risk.acknowledged", 1, ImminentRiskAcknowledged, urgent=True)
)
STOOD_DOWN = register(EventKind("records.imminent_risk.stood_down", 1, ImminentRiskStoodDown, urgent=True))
CONTACT_FLAGGED = register(EventKind("records.imminent_risk.contact_flagged", 1, ContactFlagged, urgent=True))
CONTACT_HANDLED = register(EventKind("records.imminent_risk.contact_handled", 1, ContactHandled, urgent=True))
