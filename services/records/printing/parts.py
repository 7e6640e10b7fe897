"""Where a record's summary leads to its prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.records.access.record import Record
from services.records.access.rules import decide
from services.records.nominals.parts import summary_part
from services.records.printing.commands import ACTION
from shared.work import Work


@summary_part("places")
def prints(work: Work, record: Record) -> Mapping[str, Any] | None:
    if not decide(work.principal, ACTION, record).allowed:
        return None
    return {"text": "Print or export", "href": f"/records/nominals/{record.id}/prints"}
