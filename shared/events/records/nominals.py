from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class NominalCreated(OfNominal):
    referral_id = fields.UUID(required=True, allow_none=True)
    category = fields.String(required=True)
    level = fields.Integer(required=True, allow_none=True)
    owner_unit = fields.String(required=True)


class AccessedUnpartnered(OfNominal):
    """`refused`: an attempt at a record under Limited Access, which was not let in."""

    access_id = fields.UUID(required=True)
    refused = fields.Boolean(load_default=False)


class NominalChanged(OfNominal):
    what = fields.String(required=True)
    standing_version = fields.Integer(required=True)


class LevelChanged(OfNominal):
    """Category or level, from the day on."""

    category = fields.String(required=True)
    level = fields.Integer(required=True, allow_none=True)
    was_category = fields.String(required=True)
    was_level = fields.Integer(required=True, allow_none=True)
    effective_on = fields.Date(required=True)


class Deregistered(OfNominal):
    """No longer managed under MAPPA at level 2 or 3 (C-28); each deregistration is an occasion of its own."""

    deregistration_id = fields.UUID(required=True)
    deregistered_on = fields.Date(required=True)
    owner_unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class RegisteredAgain(OfNominal):
    deregistration_id = fields.UUID(required=True)


NOMINAL_CREATED = register(EventKind("records.nominal.created", 1, NominalCreated))
NOMINAL_ACCESSED_UNPARTNERED = register(
    EventKind("records.nominal.accessed_unpartnered", 1, AccessedUnpartnered)
)
NOMINAL_CHANGED = register(EventKind("records.nominal.changed", 1, NominalChanged))
NOMINAL_DELETED = register(EventKind("records.nominal.deleted", 1, OfNominal))
LEVEL_CHANGED = register(EventKind("records.level.changed", 1, LevelChanged, needs_subscriber=False))
NOMINAL_DEREGISTERED = register(
    EventKind("records.nominal.deregistered", 1, Deregistered, needs_subscriber=False)
)
NOMINAL_REGISTERED_AGAIN = register(
    EventKind("records.nominal.registered_again", 1, RegisteredAgain, needs_subscriber=False)
)
