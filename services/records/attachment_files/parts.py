"""The photograph on the summary (PF-7/Nominal Summary.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.record import Record
from services.records.access.rules import standings_of
from services.records.attachments import values as sealed
from services.records.attachments.catalogue import catalogue
from services.records.attachments.clearance import cleared, is_current
from services.records.attachments.models import Entry, Version
from services.records.nominals.parts import summary_part
from services.records.previews.asking import previews_of
from shared.web.display import day
from shared.work import Work

FOLDER = "photographs"


@summary_part("photograph")
def photograph(work: Work, record: Record) -> Mapping[str, Any] | None:
    """The current front view, else the one that was taken last; what is graded for victims is shown on no summary."""
    found = (
        select(Entry, Version)
        .join(Version, (Version.entry_id == Entry.id) & (Version.number == Entry.version))
        .where(Entry.nominal_id == record.id, Entry.folder == FOLDER, is_current(work.today))
        .where(
            Entry.grading != "victim-sensitive", cleared(work.principal, standings_of(work.principal, record))
        )
        .order_by(Entry.slot.is_(None), Entry.begins_on.desc(), Entry.id.desc())
        .limit(1)
    )
    row = work.session.execute(found).first()
    if row is None:
        return None
    entry, version = row[0], row[1]
    values = sealed.open_plain(work, catalogue()[FOLDER], version)
    if not values or not values.get("image"):
        return None
    file_id = UUID(values["image"])
    base = f"/records/nominals/{record.id}/attachments"
    preview = previews_of(work, [file_id]).get(file_id)
    ready = preview is not None and preview.state == "ready"
    files = f"{base}/entries/{entry.id}/files/{file_id}"
    taken = f"Photograph taken {day(values['taken_date'])}"
    return {
        "src": f"{files}/pictures/0" if ready else None,
        "alt": taken if ready else f"{taken}, which cannot be shown yet",
        "href": f"{base}/{FOLDER}",
    }
