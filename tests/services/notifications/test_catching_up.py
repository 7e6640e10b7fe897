"""A consumer that stood still for a day and a tick that stood still for an hour, over a real broker: both catch up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from deploy.participants import participant
from shared.events.envelope import Copy, Duty
from shared.events.records.meetings import MEETING_HELD
from shared.events.registry import EventKind
from shared.ids import new_id
from shared.messaging import outbox
from shared.messaging.backstage import Backstage, Pace
from tests.services.notifications.conftest import (
    notifications_keys,
    notifications_settings,
    notifications_template,
    office,
)
from tests.services.notifications.office import START, Office

__all__ = ["notifications_keys", "notifications_settings", "notifications_template", "office"]

PDU = "pdu-N55LEE"
_QUICK = Pace(poll=0.1, tick=0.1)
_PATIENCE = 30.0


@contextmanager
def running(office: Office, amqp_url: str, *roles: str) -> Iterator[Backstage]:
    """These roles of the service, as its own processes run them."""
    stage = Backstage([participant(office.runtime)], amqp_url, roles=roles, pace=_QUICK)
    stage.start()
    try:
        yield stage
    finally:
        stage.stop()


def eventually(what: Callable[[], object]) -> None:
    end = time.monotonic() + _PATIENCE
    while not what():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def tell(office: Office, kind: EventKind, data: dict[str, Any], people: Sequence[tuple[UUID, str]]) -> None:
    """Into the outbox, from which the relay publishes it to the broker."""
    fact = office.fact(kind, data)
    copy = Copy("probation-service", tuple(Duty(who, role, PDU) for who, role in people), "full")
    with office.runtime.system_work("test.tell") as work:
        outbox.write(work.session, office.runtime.service.tables.messaging, fact, [copy])
        outbox.will_ring(work.session)


def held(office: Office, tess: UUID, level: int) -> UUID:
    meeting_id = new_id()
    data = {
        "meeting_id": meeting_id,
        "nominal_id": new_id(),
        "level": level,
        "held_on": office.clock.today(),
        "managing_unit": PDU,
        "jurisdiction": "ENG",
    }
    tell(office, MEETING_HELD, data, [(tess, "mappa_administrator")])
    return meeting_id


def unpublished(office: Office) -> int:
    with office.runtime.database.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT count(*) FROM outbox WHERE published_at IS NULL AND kind LIKE 'records.%%'"
        )
        return int(found.scalar_one())


@pytest.mark.clause("PF-4.20.3")
def test_what_waited_for_a_day_at_the_broker_runs_from_when_it_happened_and_reminds_once(
    office: Office, amqp_url: str
) -> None:
    tess, lily = office.person("Tess"), office.person("Lily", ("lpc", PDU))
    with running(office, amqp_url, "consumer", "relay"):
        early = held(office, tess, 3)
        eventually(lambda: len(office.items(tess)) == 1)
    with running(office, amqp_url, "relay"):  # the consumer is gone; the broker keeps what comes
        waiting = [held(office, tess, 3) for _ in range(3)]
        eventually(lambda: unpublished(office) == 0)
    assert len(office.items(tess)) == 1
    office.clock.at = START + timedelta(days=1)
    with running(office, amqp_url, "consumer", "relay", "tick"):
        eventually(lambda: len(office.items(tess)) == 4)
        clocks = [office.clock_of("D-10", one) for one in (early, *waiting)]
        assert {one.due_on for one in clocks} == {date(2026, 3, 16)}
        # Half of five working days, and the day before: each once, at seven, for those that waited as for the other.
        for day in (11, 13, 17):
            office.at(date(2026, 3, day), hour=12)
            eventually(lambda: not behind(office))
    seven = datetime(2026, 3, 17, 7, tzinfo=UTC)
    assert {one.reminded_at for one in office.items(tess)} == {seven}
    assert [one.raised_at for one in office.items(lily)] == [seven] * 4
    soon = [one["subject_id"] for one in office.told("notifications.deadline.due_soon")]
    assert {one: soon.count(str(one)) for one in (early, *waiting)} == dict.fromkeys((early, *waiting), 2)
    assert len(office.told("notifications.deadline.overdue")) == 4


def behind(office: Office) -> bool:
    with office.runtime.database.engine.connect() as connection:
        owed = "SELECT count(*) FROM deadline WHERE state = 'running' AND next_at <= %s"
        return bool(connection.exec_driver_sql(owed, (office.clock.now(),)).scalar_one())


def test_a_tick_that_was_gone_for_an_hour_reminds_once_and_dates_it_as_it_should_have_been(
    office: Office, amqp_url: str
) -> None:
    tess = office.person("Tess")
    with running(office, amqp_url, "consumer", "relay", "tick"):
        meeting_id = held(office, tess, 3)
        eventually(lambda: len(office.items(tess)) == 1)
    office.clock.at = datetime(2026, 3, 13, 8, tzinfo=UTC)  # two reminders passed, the last an hour ago
    time.sleep(0.5)
    assert office.items(tess)[0].reminded_at is None
    with running(office, amqp_url, "tick"), running(office, amqp_url, "tick"):
        eventually(lambda: not behind(office))
        time.sleep(0.5)
    assert office.items(tess)[0].reminded_at == datetime(2026, 3, 13, 7, tzinfo=UTC)
    assert len(office.told("notifications.deadline.due_soon")) == 1
    assert office.clock_of("D-10", meeting_id).state == "running"
