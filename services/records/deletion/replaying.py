"""After a restore: what was deleted since the backup is deleted again, and nowhere to be found."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from services.records.deletion import proof
from services.records.deletion.purging import purge
from services.records.nominals.models import Nominal
from shared.events.records.nominals import NOMINAL_DELETED
from shared.runtime import Runtime
from shared.work import EVERY_AGENCY

_AT_ONCE = 200


def delete_again(runtime: Runtime) -> int:
    """The records whose keys were destroyed; how many had come back. The keys are destroyed again before this."""
    gone = runtime.keys.destroyed()
    with runtime.system_work("deletion.replayed") as work:
        proof.restore(work, runtime.settings.keys_home)
    return sum(_purge(runtime, gone[start : start + _AT_ONCE]) for start in range(0, len(gone), _AT_ONCE))


def _purge(runtime: Runtime, ids: list[UUID]) -> int:
    with runtime.system_work("deletion.replayed") as work:
        back = list(work.session.scalars(select(Nominal.id).where(Nominal.id.in_(ids))))
        if not back:
            return 0
        rows = purge(work, back)
        for nominal_id in back:
            data = {"nominal_id": nominal_id}
            work.emit(NOMINAL_DELETED, data, aggregate=("nominal", nominal_id), agencies=(EVERY_AGENCY,))
        work.concerns(nominals=len(back), rows=rows)
        work.audit(work.action, work.about)
    return len(back)
