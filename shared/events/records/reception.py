from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class ReceptionUnmatched(Schema):
    """A reception whose prison number is on no record: the prison searches by PNC number (PF-5.12.2)."""

    reception_id = fields.UUID(required=True)
    prison = fields.String(required=True)
    received_at = fields.AwareDateTime(required=True)
    jurisdiction = fields.String(required=True)


class ReceptionSearched(Schema):
    reception_id = fields.UUID(required=True)


RECEPTION_UNMATCHED = register(EventKind("records.reception.unmatched", 1, ReceptionUnmatched))
RECEPTION_SEARCHED = register(EventKind("records.reception.searched", 1, ReceptionSearched))
