from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class AttachmentChanged(OfNominal):
    """Of a graded entry, or a record under Limited Access, only `what` is told: restricted_update, else attachment."""

    entry_id = fields.UUID(required=True, allow_none=True)
    folder = fields.String(required=True, allow_none=True)
    change = fields.String(required=True, allow_none=True)
    what = fields.String(required=True)
    standing_version = fields.Integer(required=True)


ATTACHMENT_CHANGED = register(EventKind("records.attachment.changed", 1, AttachmentChanged))
