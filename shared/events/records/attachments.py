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


class TransferDated(OfNominal):
    """The custody attachment says when the person left the prison that this reception had brought them to."""

    reception_id = fields.UUID(required=True)


ATTACHMENT_CHANGED = register(EventKind("records.attachment.changed", 1, AttachmentChanged))
TRANSFER_DATED = register(EventKind("records.attachment.transfer_dated", 1, TransferDated))
