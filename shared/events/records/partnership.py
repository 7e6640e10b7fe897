from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


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


PARTNERSHIP_REQUESTED = register(EventKind("records.partnership.requested", 1, PartnershipRequested))
PARTNERSHIP_GRANTED = register(EventKind("records.partnership.granted", 1, PartnershipDecided))
PARTNERSHIP_REFUSED = register(EventKind("records.partnership.refused", 1, PartnershipDecided))
