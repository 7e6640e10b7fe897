"""Tasks in whole-record acts."""

from __future__ import annotations

from services.records.minimum_dataset.models import DatasetTask
from services.records.minimum_dataset.rules import codes_of
from services.records.nominals.keepers import keep
from services.records.nominals.occasions import occasion

keep(DatasetTask, alike=("unit",), among=lambda table: table.state == "open")
occasion(
    "records.partnership.began",
    DatasetTask.id,
    DatasetTask.unit,
    DatasetTask.state == "open",
    DatasetTask.agency.in_(codes_of("prison")),
)
