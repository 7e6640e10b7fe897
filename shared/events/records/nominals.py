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


NOMINAL_CREATED = register(EventKind("records.nominal.created", 1, NominalCreated))
NOMINAL_ACCESSED_UNPARTNERED = register(
    EventKind("records.nominal.accessed_unpartnered", 1, AccessedUnpartnered)
)
NOMINAL_CHANGED = register(EventKind("records.nominal.changed", 1, NominalChanged))
NOMINAL_DELETED = register(EventKind("records.nominal.deleted", 1, OfNominal))
