from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class OffenderManager(OfNominal):
    person_id = fields.UUID(required=True)


class OffenderManagerDiffers(OfNominal):
    """nDelius (`role` COM) or NOMIS (POM) names another offender manager than the record (PF-4.24)."""

    named_id = fields.UUID(required=True)
    role = fields.String(required=True)


class OffenderManagerSettled(OfNominal):
    """`state`: settled where the record has the same, over where it does not matter any more."""

    named_id = fields.UUID(required=True)
    state = fields.String(required=True)


OFFENDER_MANAGER_ASKED = register(EventKind("records.offender_manager.asked", 1, OffenderManager))
OFFENDER_MANAGER_ADDED = register(EventKind("records.offender_manager.added", 1, OffenderManager))
OFFENDER_MANAGER_DIFFERS = register(EventKind("records.offender_manager.differs", 1, OffenderManagerDiffers))
OFFENDER_MANAGER_SETTLED = register(EventKind("records.offender_manager.settled", 1, OffenderManagerSettled))
