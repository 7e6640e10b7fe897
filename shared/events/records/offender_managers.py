from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class OffenderManager(OfNominal):
    person_id = fields.UUID(required=True)


OFFENDER_MANAGER_ASKED = register(EventKind("records.offender_manager.asked", 1, OffenderManager))
OFFENDER_MANAGER_ADDED = register(EventKind("records.offender_manager.added", 1, OffenderManager))
