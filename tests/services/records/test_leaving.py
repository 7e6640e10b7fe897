"""Somebody leaves: records counts what they still hold, and again when it changes, until the account is archived."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.records.access.leaving import count_again
from services.records.access.models import Leaving
from services.records.nominals.models import Nominal
from services.records.service import service
from shared.access.principal import Principal
from shared.events.envelope import Aggregate, Event
from shared.events.identity.accounts import ACCOUNT_ARCHIVED, ACCOUNT_LEAVING
from shared.events.registry import EventKind
from shared.ids import new_id
from tests.servers.records import LEEDS, NOW, World


def hear(records: World, kind: EventKind, who: Principal, **more: Any) -> None:
    data = kind.dump({"person_id": who.person_id, "unit": LEEDS, **more})
    event = Event(new_id(), kind.name, 1, NOW, data, aggregate=Aggregate("person", who.person_id, 1))
    with records.runtime.system_work("handle") as work:
        for handler in service.handlers[kind.name]:
            handler(work, event)


def told(records: World) -> list[tuple[int, int, int]]:
    names = ("manager_of", "supervisor_of", "partner_of")
    return [tuple(data[name] for name in names) for data in _facts(records)]


def _facts(records: World) -> list[dict[str, Any]]:
    outbox = service.tables.messaging.outbox
    with records.session() as session:
        rows = select(outbox.c.data).where(outbox.c.kind == "records.holdings.counted")
        return [row.data for row in session.execute(rows.order_by(outbox.c.sequence))]


def tick(records: World) -> int:
    records.system.at += timedelta(seconds=16)
    with records.runtime.system_work("tick") as work:
        return count_again(work)


@pytest.mark.clause("PF-4.38.3")
def test_what_a_leaver_holds_is_counted_again_when_it_changes(records: World) -> None:
    ruth = records.person(LEEDS, "manager", "partner")
    other = records.person(LEEDS, "manager", "partner")
    first = records.nominal(manager_id=ruth.person_id, partners=(ruth, other))
    records.nominal(manager_id=ruth.person_id, supervisor_id=ruth.person_id)
    records.nominal(manager_id=ruth.person_id, status="archived")
    hear(records, ACCOUNT_LEAVING, ruth, left_on=NOW.date(), leaver_id=new_id(), jurisdiction="ENG")
    assert told(records) == [(2, 1, 1)]
    assert tick(records) == 0
    with records.session() as session:
        session.get_one(Nominal, first).manager_id = other.person_id
        session.commit()
    assert tick(records) == 1
    assert told(records) == [(2, 1, 1), (1, 1, 1)]
    assert tick(records) == 0


@pytest.mark.clause("PF-4.38.3")
def test_told_twice_it_is_kept_once_and_after_the_archive_not_at_all(records: World) -> None:
    ruth = records.person(LEEDS, "manager")
    for _ in range(2):
        hear(records, ACCOUNT_LEAVING, ruth, left_on=NOW.date(), leaver_id=new_id(), jurisdiction="ENG")
    with records.session() as session:
        assert session.query(Leaving).count() == 1
    hear(records, ACCOUNT_ARCHIVED, ruth, leaver_id=new_id())
    with records.session() as session:
        assert session.query(Leaving).count() == 0
    assert tick(records) == 0
