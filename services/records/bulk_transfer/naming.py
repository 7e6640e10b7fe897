"""Which bulk transfer a form is about, above its heading."""

from __future__ import annotations

from services.records.bulk_transfer.models import BulkTransfer
from shared.directory import read_model
from shared.work import Work


def about(work: Work, bulk: BulkTransfer) -> dict[str, str]:
    units = read_model.units(work.session, [bulk.from_unit, bulk.to_unit])
    sides = [units[code].name if code in units else code for code in (bulk.from_unit, bulk.to_unit)]
    going_on = bulk.state == "running"
    records = f"{bulk.done} of {bulk.total} records done" if going_on else f"{bulk.total} records"
    return {"about": f"{' to '.join(sides)}: {records}"}
