from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register

# What the item, and the receipt for it, are about.
NOTICE = "release_notice"


class ReleaseDateTold(OfNominal):
    """`what` is entered, changed or removed; the dates stay with the record. `previous_id`: what this one overtakes."""

    notice_id = fields.UUID(required=True)
    prison = fields.String(required=True)
    what = fields.String(required=True)
    previous_id = fields.UUID(required=True, allow_none=True)


RELEASE_DATE_TOLD = register(EventKind("records.release_date.told", 1, ReleaseDateTold))
