"""Bulk transfers: sides and numbers. Which records they were stays in records; each has its own transfer.completed."""

from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class BulkTransferStepped(Schema):
    bulk_id = fields.UUID(required=True)
    records = fields.Integer(required=True)
    from_owner = fields.String(required=True)
    to_owner = fields.String(required=True)


class BulkTransferCompleted(Schema):
    bulk_id = fields.UUID(required=True)
    transferred = fields.Integer(required=True)
    left_out = fields.Integer(required=True)
    from_owner = fields.String(required=True)
    to_owner = fields.String(required=True)


BULK_TRANSFER_REQUESTED = register(EventKind("records.bulk_transfer.requested", 1, BulkTransferStepped))
BULK_TRANSFER_REFUSED = register(EventKind("records.bulk_transfer.refused", 1, BulkTransferStepped))
BULK_TRANSFER_WITHDRAWN = register(EventKind("records.bulk_transfer.withdrawn", 1, BulkTransferStepped))
BULK_TRANSFER_COMPLETED = register(EventKind("records.bulk_transfer.completed", 1, BulkTransferCompleted))
