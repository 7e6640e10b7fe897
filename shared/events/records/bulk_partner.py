from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class BulkPartnerCompleted(Schema):
    job_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    added = fields.Integer(required=True)
    already = fields.Integer(required=True)
    limited = fields.Integer(required=True)
    failed = fields.Integer(required=True)


BULK_PARTNER_COMPLETED = register(EventKind("records.bulk_partner.completed", 1, BulkPartnerCompleted))
