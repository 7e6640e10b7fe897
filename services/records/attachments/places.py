"""The locations of interest of a record, for the fields that name one."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.records.access.standings import standings
from services.records.attachments.catalogue import catalogue
from services.records.attachments.clearance import cleared
from services.records.attachments.models import VALUES, Entry, Version
from services.records.attachments.values import read
from shared.access.principal import Principal
from shared.runtime import Runtime

FOLDER = "locations_of_interest"
MOST = 100
_LONGEST = 80


def places(runtime: Runtime, principal: Principal, nominal_id: UUID) -> list[tuple[str, str]]:
    """(id, description) of the newest hundred that are not masked; nothing to whoever does not stand to the record."""
    over = standings(principal)
    stands = select(over.c.nominal_id).where(over.c.nominal_id == nominal_id)
    found = (
        select(Version)
        .join(Entry, (Entry.id == Version.entry_id) & (Entry.version == Version.number))
        .where(Entry.nominal_id == nominal_id, Entry.folder == FOLDER, Entry.state == "current")
        .where(Entry.grading != "victim-sensitive", cleared(principal, ()), stands.exists())
        .order_by(Entry.id.desc())
        .limit(MOST)
    )
    with Session(runtime.database.reading) as session:
        versions = list(session.scalars(found))
    return [(str(one.entry_id), text) for one in versions if (text := _described(runtime, one))]


def _described(runtime: Runtime, version: Version) -> str | None:
    text = runtime.readable(version.origin_nominal_id, VALUES, version.open_values)
    if text is None:
        return None
    values = read(catalogue()[FOLDER], text)
    return f"{values['location_type'].capitalize()}: {values['description']}"[:_LONGEST]
