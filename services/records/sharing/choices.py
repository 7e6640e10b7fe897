"""Which intelligence the form offers: what the reader knows of, and what may be shared at all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.records.attachments.catalogue import catalogue
from services.records.attachments.clearance import is_current
from services.records.attachments.models import Entry
from services.records.attachments.shown import AGENCIES
from services.records.nominals.models import Nominal
from shared.web import guard
from shared.web.display import day


def reports(_context: object = None) -> list[tuple[str, str]]:
    """Intelligence that everybody who may open the record reads; what has readers of its own is not shared."""
    nominal_id = (request.view_args or {}).get("nominal_id")
    if not isinstance(nominal_id, UUID):
        return []
    runtime = guard.runtime()
    found = _intelligence(nominal_id).where(is_current(runtime.clocks.policy.today())).limit(100)
    with Session(runtime.database.reading) as session:
        return [(str(row.id), _named(row)) for row in session.execute(found)]


def _intelligence(nominal_id: UUID) -> Any:
    return (
        select(Entry.id, Entry.folder, Entry.agency, Entry.entered_at, Entry.handling_code)
        .join(Nominal, Nominal.id == Entry.nominal_id)
        .where(
            Entry.nominal_id == nominal_id,
            Entry.grading == "intelligence-handled",
            Entry.readers.is_(None),
        )
        .order_by(Entry.id.desc())
    )


def _named(row: Any) -> str:
    agency = AGENCIES.get(row.agency, row.agency)
    code = f", handling code {row.handling_code}" if row.handling_code else ""
    return f"{catalogue()[row.folder].title}, {agency}, entered {day(row.entered_at)}{code}"
