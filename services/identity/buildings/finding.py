"""Finding a building that is to be changed."""

from __future__ import annotations

from uuid import UUID

from services.identity.buildings.authority import require_keeper
from services.identity.buildings.models import Building
from shared.refusals import NotFound, Refusal
from shared.work import Work


def open_building(work: Work, building_id: UUID, *, lock: bool = True) -> Building:
    """For whoever keeps it up. Raises NotFound, R24, or R34 for a closed one."""
    found = work.session.get(Building, building_id, with_for_update=lock)
    if found is None:
        raise NotFound
    work.concerns(subject=("building", found.id), unit=found.unit)
    require_keeper(work, found.unit)
    if found.closed_at is not None:
        raise Refusal("R34", what="This building is closed.")
    return found
