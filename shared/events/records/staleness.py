from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class RecordStale(OfNominal):
    """Nobody has touched a live record for as long as national policy allows (SC-17.10)."""

    stale_id = fields.UUID(required=True)
    found_on = fields.Date(required=True)
    managing_unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class RecordTouched(OfNominal):
    stale_id = fields.UUID(required=True)


RECORD_STALE = register(EventKind("records.record.stale", 1, RecordStale))
RECORD_TOUCHED = register(EventKind("records.record.touched", 1, RecordTouched))
