"""Partners that a record has by rule, when it is created or its category or level changes."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.dialects.postgresql import insert

from services.records.access.models import Partnership
from services.records.access.record import Record
from services.records.nominals.owners import force_of_area
from shared.directory import read_model
from shared.directory.read_model import PersonCard
from shared.ids import new_id
from shared.work import Work


def add_partners(work: Work, record: Record, people: Iterable[PersonCard | None]) -> int:
    """Each of them who is not manager, supervisor or partner yet. Returns how many; the caller tells."""
    rows = [
        {
            "id": new_id(),
            "nominal_id": record.id,
            "origin_nominal_id": record.id,
            "person_id": card.id,
            "agency": card.agency,
            "unit": card.unit,
            "started_at": work.now,
            "granted_by": work.principal.person_id,
        }
        for card in people
        if card is not None and card.id not in {record.manager_id, record.supervisor_id}
    ]
    if not rows:
        return 0
    added = insert(Partnership).on_conflict_do_nothing().returning(Partnership.id)
    return len(work.session.execute(added, rows).all())


def add_police_partners(work: Work, record: Record) -> int:
    """The users of the force that serves the owning area (PI-3.4.1)."""
    force = force_of_area(record.owner_unit)
    return add_partners(work, record, read_model.members(work.session, force, "partner") if force else [])
