"""Tasks in whole-record acts."""

from __future__ import annotations

from services.records.minimum_dataset.models import DatasetTask
from services.records.nominals.keepers import keep

keep(DatasetTask, alike=("unit",), among=lambda table: table.state == "open")
