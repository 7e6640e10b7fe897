from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class MoveBooked(OfNominal):
    """The record is to be brought up to date before the person leaves for another prison (PF-5.9.6)."""

    move_id = fields.UUID(required=True)
    prison = fields.String(required=True)
    departs_at = fields.AwareDateTime(required=True)
    jurisdiction = fields.String(required=True)


class MoveEnded(OfNominal):
    """`state`: ready, overridden by the ViSOR lead, cancelled, or left where the person went before it was settled."""

    move_id = fields.UUID(required=True)
    state = fields.String(required=True)


class MoveNotReady(OfNominal):
    """Somebody said that the record is up to date, and it is not: the lead sees what is missing (R29)."""

    move_id = fields.UUID(required=True)
    prison = fields.String(required=True)


MOVE_BOOKED = register(EventKind("records.prison_move.booked", 1, MoveBooked))
MOVE_ENDED = register(EventKind("records.prison_move.ended", 1, MoveEnded))
MOVE_NOT_READY = register(EventKind("records.prison_move.not_ready", 1, MoveNotReady))
