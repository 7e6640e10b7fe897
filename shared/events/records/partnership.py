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
    """`in_part`: not everybody asked for was granted it."""

    request_id = fields.UUID(required=True)
    in_part = fields.Boolean(load_default=False)


class PartnershipPending(OfNominal):
    """A prison waits for an answer; its administrators look each day whether it came (PF-5.15)."""

    request_id = fields.UUID(required=True)
    requesting_unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class PartnershipLookedAt(OfNominal):
    """Somebody of the unit that asked has looked, the first time on this day."""

    request_id = fields.UUID(required=True)
    looked_on = fields.Date(required=True)


class PartnershipAct(OfNominal):
    """Partners were added, or their partnerships ended, in one act of somebody who may."""

    act_id = fields.UUID(required=True)


class PartnershipBegan(OfNominal):
    """A unit has its first partner: its minimum dataset is to be filled (PF-5.16, PI-3.2.3, PI-3.3.3).

    Not told where there is nothing to fill.
    """

    task_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    agency_kind = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class PartnershipOffered(OfNominal):
    """The level was set while a prison without partners holds the person: it may want to become partner (PSI-5.3)."""

    offer_id = fields.UUID(required=True)
    prison = fields.String(required=True)


class RemovalDrafted(OfNominal):
    """A prisoner left; the prison's request to remove its partners is drafted."""

    draft_id = fields.UUID(required=True)
    prison = fields.String(required=True)
    left_at = fields.AwareDateTime(required=True)
    jurisdiction = fields.String(required=True)


class RemovalRequested(OfNominal):
    """The prison has told the owner, and asks that its users are removed."""

    draft_id = fields.UUID(required=True)
    prison = fields.String(required=True)
    left_at = fields.AwareDateTime(required=True)


class RequestDrafted(OfNominal):
    """Probation supervises somebody whose record is the police's: its request for partnership is drafted."""

    draft_id = fields.UUID(required=True)
    unit = fields.String(required=True)


class DraftSettled(OfNominal):
    """`state`: sent, dismissed, overtaken, or done by the owner."""

    draft_id = fields.UUID(required=True)
    state = fields.String(required=True)


PARTNERSHIP_REQUESTED = register(EventKind("records.partnership.requested", 1, PartnershipRequested))
PARTNERSHIP_GRANTED = register(EventKind("records.partnership.granted", 1, PartnershipDecided))
PARTNERSHIP_REFUSED = register(EventKind("records.partnership.refused", 1, PartnershipDecided))
PARTNERSHIP_PENDING = register(EventKind("records.partnership.pending", 1, PartnershipPending))
PARTNERSHIP_LOOKED_AT = register(EventKind("records.partnership.looked_at", 1, PartnershipLookedAt))
PARTNERSHIP_ADDED = register(EventKind("records.partnership.added", 1, PartnershipAct))
PARTNERSHIP_ENDED = register(EventKind("records.partnership.removed", 1, PartnershipAct))
PARTNERSHIP_BEGAN = register(EventKind("records.partnership.began", 1, PartnershipBegan))
PARTNERSHIP_OFFERED = register(EventKind("records.partnership.offered", 1, PartnershipOffered))
REMOVAL_DRAFTED = register(EventKind("records.partnership.removal_drafted", 1, RemovalDrafted))
REMOVAL_REQUESTED = register(EventKind("records.partnership.removal_requested", 1, RemovalRequested))
REQUEST_DRAFTED = register(EventKind("records.partnership.request_drafted", 1, RequestDrafted))
DRAFT_SETTLED = register(EventKind("records.partnership.draft_settled", 1, DraftSettled))
