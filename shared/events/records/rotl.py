from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class RotlChecked(OfNominal):
    """A prison accessed the record before temporary release; `lasts_until` the last day that the check counts."""

    check_id = fields.UUID(required=True)
    prison = fields.String(required=True)
    referred = fields.Boolean(required=True)
    lasts_until = fields.Date(required=True)


ROTL_CHECKED = register(EventKind("records.rotl.checked", 1, RotlChecked))
