"""The keys of a deleted record are destroyed after its rows are gone; begun anew, it ends the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.records.deletion import proof
from services.records.deletion.models import Tombstone
from services.records.service import service
from shared.messaging.crash_points import crash_point
from shared.work import Work

TASK = "deletion.destroy_keys"


@service.task(TASK)
def destroy_keys(work: Work, payload: Mapping[str, Any]) -> dict[str, int]:
    """Rows, tombstone and this task were committed together: whatever dies here is done again under the next lease."""
    tombstone = work.session.get_one(Tombstone, UUID(payload["tombstone_id"]), with_for_update=True)
    work.runtime.keys.destroy(*tombstone.record_ids)
    crash_point("deletion.keys_destroyed")
    if tombstone.keys_destroyed_at is None:
        tombstone.keys_destroyed_at = work.system_now
    proof.write(work.runtime.settings.keys_home, tombstone)
    work.concerns(subject=("tombstone", tombstone.id))
    return {"keys": len(tombstone.record_ids)}
