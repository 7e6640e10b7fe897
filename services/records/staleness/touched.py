"""When a record was last touched: its own facts, its log, its attachments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select

from services.records.activity_log.models import Entry as LogEntry
from services.records.attachments.models import Entry
from services.records.nominals.models import Nominal

OWN: Any = func.coalesce(Nominal.changed_at, Nominal.created_at)


def untouched_since(moment: datetime) -> ColumnElement[bool]:
    """On rows of Nominal; two looks at an index for each that its own facts do not settle."""
    log = exists().where(LogEntry.nominal_id == Nominal.id, LogEntry.at >= moment)
    attachments = exists().where(Entry.nominal_id == Nominal.id, Entry.changed_at >= moment)
    return and_(moment > OWN, ~log, ~attachments)


def last_touch() -> Any:
    log = select(func.max(LogEntry.at)).where(LogEntry.nominal_id == Nominal.id).scalar_subquery()
    attachments = select(func.max(Entry.changed_at)).where(Entry.nominal_id == Nominal.id).scalar_subquery()
    return func.greatest(OWN, log, attachments)
