from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class Allocated(OfNominal):
    """A prison offender manager was recorded: they are to check the record (PF-5.20)."""

    allocation_id = fields.UUID(required=True)
    unit = fields.String(required=True)


class AllocationSettled(OfNominal):
    """`state`: checked, or over where somebody else was allocated, or the person left."""

    allocation_id = fields.UUID(required=True)
    state = fields.String(required=True)


class RecordChecked(OfNominal):
    """Somebody says that they checked the record for up to date risk information before contact (PF-4.31)."""

    person_id = fields.UUID(required=True)
    checked_at = fields.AwareDateTime(required=True)


ALLOCATED = register(EventKind("records.allocation.made", 1, Allocated))
ALLOCATION_SETTLED = register(EventKind("records.allocation.settled", 1, AllocationSettled))
RECORD_CHECKED = register(EventKind("records.record.checked", 1, RecordChecked))
