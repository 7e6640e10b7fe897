from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class DatasetSettled(OfNominal):
    """`state`: complete, or overtaken where the unit has no partner on the record any more."""

    task_id = fields.UUID(required=True)
    state = fields.String(required=True)


DATASET_SETTLED = register(EventKind("records.minimum_dataset.settled", 1, DatasetSettled))
