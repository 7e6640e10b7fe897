from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class PractitionerTold(OfNominal):
    """An administrator told the practitioner of so many new entries of the log."""

    told_id = fields.UUID(required=True)
    entries = fields.Integer(required=True)


PRACTITIONER_TOLD = register(EventKind("records.practitioner.told", 1, PractitionerTold))
