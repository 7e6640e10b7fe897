from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class ActivityAdded(OfNominal):
    entry_id = fields.UUID(required=True)
    standing_version = fields.Integer(required=True)


class NotifyManager(OfNominal):
    entry_id = fields.UUID(required=True)
    for_attention = fields.List(fields.String(), required=True)


ACTIVITY_ADDED = register(EventKind("records.activity.added", 1, ActivityAdded))
NOTIFY_MANAGER = register(EventKind("records.activity.notify_manager", 1, NotifyManager, urgent=True))
