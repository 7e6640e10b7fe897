"""Keys of sendings and revocations do not pile up, and none goes while it still counts."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from shared import once
from shared.access import revocations
from shared.ids import new_id
from shared.runtime import Runtime
from shared.sweeping import Sweep


def test_what_no_longer_counts_is_swept_and_the_rest_stays(runtime: Runtime) -> None:
    tables, old, fresh = runtime.service.tables, new_id(), new_id()
    with runtime.system_work("test.fill") as work:
        now = work.system_now
        for who, age in ((old, timedelta(days=3)), (fresh, timedelta(hours=1))):
            once.claim(work.session, tables.once, who, "note.add", "key", now - age)
            revocations.revoke(work.session, tables.revocation, who, now - age)
    with runtime.system_work("test.sweep") as work:
        Sweep()(work)

    with runtime.database.session() as session:
        assert session.execute(select(tables.once.c.person_id)).scalars().all() == [fresh]
        assert session.execute(select(tables.revocation.c.subject)).scalars().all() == [fresh]


def test_every_service_sweeps(runtime: Runtime) -> None:
    assert any(isinstance(tick, Sweep) for tick in runtime.service.ticks)
