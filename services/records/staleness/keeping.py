"""Findings in whole-record acts: in a merge they end, since the other record has its own."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from services.records.nominals.keepers import keep
from services.records.nominals.models import Nominal
from services.records.nominals.occasions import occasion
from services.records.staleness.models import StaleRecord
from shared.work import Work


def _merge(work: Work, gone: UUID, _into: UUID) -> int:
    work.session.execute(delete(StaleRecord).where(StaleRecord.nominal_id == gone))
    return 0


keep(StaleRecord, merge=_merge)
occasion(
    "records.record.stale",
    StaleRecord.id,
    Nominal.managing_unit,
    StaleRecord.ended_at.is_(None),
    join=(Nominal, Nominal.id == StaleRecord.nominal_id),
)
