from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class CustodyReceived(OfNominal):
    """`already_partnered`: somebody of this prison is a partner of the record, so nobody there need ask to be."""

    reception_id = fields.UUID(required=True)
    prison = fields.String(required=True)
    owner_unit = fields.String(required=True)
    received_at = fields.AwareDateTime(required=True)
    jurisdiction = fields.String(required=True)
    already_partnered = fields.Boolean(load_default=False)


class CustodyLeft(OfNominal):
    """The person left the prison that this reception had brought them to, or it was overtaken by another.

    `partnered`: somebody of that prison is a partner of the record, so the day is to be entered there (PF-5.18).
    """

    reception_id = fields.UUID(required=True)
    prison = fields.String(required=True)
    left_at = fields.AwareDateTime(required=True)
    jurisdiction = fields.String(load_default="ENG")
    partnered = fields.Boolean(load_default=False)


class CustodyMoved(OfNominal):
    """From one prison to another (PF-5.19)."""

    movement_id = fields.UUID(required=True)
    from_prison = fields.String(required=True)
    to_prison = fields.String(required=True)
    moved_at = fields.AwareDateTime(required=True)


CUSTODY_RECEIVED = register(EventKind("records.custody.received", 1, CustodyReceived))
CUSTODY_LEFT = register(EventKind("records.custody.left", 1, CustodyLeft))
CUSTODY_MOVED = register(EventKind("records.custody.moved", 1, CustodyMoved))
