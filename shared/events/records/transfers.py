"""What becomes of a transfer: units, categories and states; what was written stays in records."""

from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class TransferStepped(OfNominal):
    """`state` is the one it came to."""

    transfer_id = fields.UUID(required=True)
    state = fields.String(required=True)
    from_owner = fields.String(required=True)
    to_owner = fields.String(required=True)


class TransferCompleted(TransferStepped):
    """`managing_unit` and the named people are the new ones; `previous_…` whom they follow."""

    previous_unit = fields.String(required=True)
    managing_unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)
    manager_id = fields.UUID(required=True)
    supervisor_id = fields.UUID(required=True)
    previous_manager_id = fields.UUID(required=True, allow_none=True)
    previous_supervisor_id = fields.UUID(required=True, allow_none=True)


TRANSFER_REQUESTED = register(EventKind("records.transfer.requested", 1, TransferStepped))
TRANSFER_QUESTIONED = register(EventKind("records.transfer.questioned", 1, TransferStepped))
TRANSFER_ANSWERED = register(EventKind("records.transfer.answered", 1, TransferStepped))
TRANSFER_REFUSED = register(EventKind("records.transfer.refused", 1, TransferStepped))
TRANSFER_WITHDRAWN = register(EventKind("records.transfer.withdrawn", 1, TransferStepped))
TRANSFER_COMPLETED = register(EventKind("records.transfer.completed", 1, TransferCompleted))
# What managers and supervisors of the record are told at each state (PF-7/To do list.4).
TRANSFER_PROGRESSED = register(EventKind("records.transfer.progressed", 1, TransferStepped))
