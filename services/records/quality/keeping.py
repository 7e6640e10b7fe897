"""Checks of a record in whole-record acts; of one audit that drew both records, one item stays behind."""

from __future__ import annotations

from services.records.nominals.keepers import keep
from services.records.quality.models import COMMENT, HELD, Item, RecordCheck

keep(Item, sealed={"comment": COMMENT}, alike=("audit_id",))
keep(RecordCheck, sealed={"held": HELD, "used": HELD})
