"""What an operator sees, and what happens after the tick or the consumer stood still."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from services.notifications.deadlines.jobs import take_due_steps
from services.notifications.delivery.models import VacantRole
from shared.events.records.meetings import MINUTES_ADDED
from shared.events.records.partnership import PARTNERSHIP_REQUESTED
from shared.ids import new_id
from shared.messaging.heartbeat import BEAT
from shared.web.metrics import collected
from tests.services.notifications.conftest import SignedIn
from tests.services.notifications.facts import meeting, reception, request
from tests.services.notifications.office import START, Office
from tests.services.notifications.test_notifications_pages import notified, page, read

PDU = "pdu-N55LEE"


def value(office: Office, name: str, **labels: str) -> float | None:
    return collected(office.runtime).get_sample_value(name, {"service": "notifications", **labels})


def test_the_metrics_tell_what_waits_and_since_when(office: Office) -> None:
    ada = office.person("Ada")
    notified(office, ada)
    request(office, (office.person("Mel"), "manager"))
    with office.runtime.database.engine.begin() as connection:
        connection.exec_driver_sql(BEAT, ("tick",))
    assert value(office, "visor_outbox_waiting") == 3
    assert value(office, "visor_dead_letters") == 0
    assert (value(office, "visor_heartbeat_age_seconds", role="tick") or 0) < 60
    office.later(days=5)
    assert value(office, "visor_alerts_oldest_seconds") == timedelta(days=5).total_seconds()
    # The first reminder was owed on the morning of the 10th; now it is nine on the 14th.
    assert value(office, "visor_deadlines_behind_seconds") == timedelta(days=4, hours=2).total_seconds()
    for _ in range(3):
        office.tick()
    assert value(office, "visor_deadlines_behind_seconds") == 0


@pytest.mark.parametrize(
    ("token", "shown", "address", "through", "status"),
    [
        (None, "", "127.0.0.1", {}, 200),
        (None, "", "::1", {}, 200),
        (None, "", "10.0.0.9", {}, 403),
        (None, "", "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
        (None, "", "127.0.0.1", {"Via": "1.1 proxy"}, 403),
        ("secret", "Bearer secret", "10.0.0.9", {}, 200),
        ("secret", "Bearer wrong", "10.0.0.9", {}, 403),
        ("secret", "", "127.0.0.1", {}, 403),
        ("secret", "Bearer \u00e9", "10.0.0.9", {}, 403),
    ],
)
def test_who_may_read_the_metrics(
    office: Office,
    client: FlaskClient,
    token: str | None,
    shown: str,
    address: str,
    through: dict[str, str],
    status: int,
) -> None:
    runtime = client.application.extensions["visor.runtime"]
    runtime.settings = replace(runtime.settings, metrics_token=token)
    asked: dict[str, Any] = {"headers": {**through, **({"Authorization": shown} if shown else {})}}
    answer = client.get("/notifications/metrics", environ_base={"REMOTE_ADDR": address}, **asked)
    assert answer.status_code == status
    assert ("visor_outbox_waiting" in answer.text) is (status == 200)
    assert office.audited("metrics") == []


def test_the_status_page_has_the_same_numbers(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    notified(office, office.person("Ada"))
    office.later(hours=1)
    admin = signed_in(office.person("Yvonne"), ("admin", "region-N55"))
    text = page(client, "/notifications/system/health", admin)
    assert "Age of the oldest important item that nobody has taken off a list" in text
    assert "60 minutes" in text
    assert (
        client.get("/notifications/system/health", headers=signed_in(office.person("Eve"))).status_code == 403
    )


# ---- After standing still ----


def test_a_tick_that_stood_still_for_an_hour_reminds_once_and_dates_it_as_it_should_have_been(
    office: Office,
) -> None:
    tess, lily = office.person("Tess"), office.person("Lily", ("lpc", PDU))
    held = meeting(
        office, tess, level=3, held_on=START.date()
    )  # due on the 16th, overdue at seven on the 17th
    office.clock.at = datetime(2026, 3, 13, 8, 0, tzinfo=UTC)
    for _ in range(3):
        office.tick()
    (item,) = office.items(tess)
    assert item.reminded_at == datetime(2026, 3, 13, 7, tzinfo=UTC)
    assert len(office.told("notifications.deadline.due_soon")) == 1

    office.clock.at = datetime(2026, 3, 17, 8, 0, tzinfo=UTC)
    for _ in range(3):
        office.tick()
    seven = datetime(2026, 3, 17, 7, tzinfo=UTC)
    clock = office.clock_of("D-10", held)
    assert (clock.overdue_at, office.items(tess)[0].reminded_at) == (seven, seven)
    (raised,) = office.items(lily)
    assert raised.raised_at == seven
    assert [rung.planned_for for rung in office.rungs(clock)] == [seven]
    assert len(office.told("notifications.deadline.overdue")) == 1
    assert len(office.told("notifications.deadline.escalated")) == 1


@pytest.mark.clause("PF-5.13.1")
def test_a_consumer_that_stood_still_for_a_day_starts_deadlines_from_when_the_facts_happened(
    office: Office,
) -> None:
    ada = office.person("Ada", unit="prison-LEI")
    happened = START
    office.later(days=1)
    late = reception(office, ada, at=happened)
    assert office.clock_of("D-07", late).due_on == date(2026, 3, 16)
    office.tick()
    office.tick()
    (item,) = office.items(ada)
    assert (item.due_on, item.reminded_at) == (date(2026, 3, 16), None)


def test_the_ticks_work_grows_with_what_is_due(office: Office) -> None:
    """Of two hundred clocks one is due: one is looked at."""
    tess = office.person("Tess")
    for _ in range(200):
        meeting(office, tess, level=2, held_on=START.date())
    request(office, (tess, "manager"))
    office.at(date(2026, 3, 11))
    statements: list[str] = []

    def counted(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(office.runtime.database.engine, "before_cursor_execute", counted)
    with office.runtime.system_work("tick") as work:
        assert take_due_steps(work) is False
    event.remove(office.runtime.database.engine, "before_cursor_execute", counted)
    assert len(statements) < 20


# ---- RPT-08 ----


def test_deadlines_met_and_missed_by_unit_and_clause(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    tess, ada = office.person("Tess"), office.person("Ada", unit="prison-LEI")
    for level in (2, 3, 3):
        meeting(office, tess, level=level, held_on=START.date())
    reception(office, ada)
    office.at(date(2026, 3, 18))
    office.tick()
    cpc = signed_in(office.person("Cass"), ("cpc", "area-53"))
    rows = read(client, "/notifications/api/reports/rpt-08", cpc)["rows"]
    assert [(one["duty"][:4], one["due"], one["overdue"], one["met"], one["met_late"]) for one in rows] == [
        ("D-10", 0, 2, 0, 0),
        ("D-11", 1, 0, 0, 0),
    ]
    assert {one["clause"] for one in rows} == {"PF-4.20"}
    governor = signed_in(office.person("Gov"), roles=frozenset())
    assert client.get("/notifications/api/reports/rpt-08", headers=governor).status_code == 403
    assert "Upload the minutes of the level 3 meeting" in page(
        client, "/notifications/reports/rpt-08?duty=D-10&place=leeds", cpc
    )
    assert read(client, "/notifications/api/reports/rpt-08?due_from=2026-04-01", cpc)["rows"] == []
    chart = client.get("/notifications/reports/rpt-08/chart", headers=cpc)
    assert (chart.status_code, chart.mimetype) == (200, "image/svg+xml")


# ---- Ladders and facts at one moment ----


def in_a_thread(act: Callable[[], None]) -> float:
    """Seconds until it was done; what it raised is raised here."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - raised below
            failures.append(error)

    thread = Thread(target=run)
    began = time.monotonic()
    thread.start()
    thread.join(15)
    if failures:
        raise failures[0]
    assert not thread.is_alive(), "it still waits"
    return time.monotonic() - began


def test_a_ladder_does_not_wait_for_a_batch_of_facts_that_misses_the_same_role(office: Office) -> None:
    """Both find the LPC missing: neither holds the vacancy's row until it commits."""
    tess = office.person("Tess")
    cass = office.person("Cass", ("cpc", "area-53"), unit="area-53")
    held = meeting(office, tess, level=3, held_on=START.date())
    office.at(date(2026, 3, 16), hour=12)
    office.tick()
    request(office, (None, "lpc"))  # the vacancy is known
    office.at(date(2026, 3, 17))
    facts = [office.fact(*_asked_of_the_lpc()) for _ in range(20)]
    with office.runtime.system_work("batch") as work:
        for fact in facts:
            for handler in office.runtime.service.handlers[fact.type]:
                handler(work, fact)
        assert in_a_thread(office.tick) < 5
    assert [rung.number for rung in office.rungs(office.clock_of("D-10", held))] == [1, 2]
    assert "escalation" in {one.kind for one in office.items(cass)}
    with office.runtime.database.session() as session:
        (vacant,) = session.execute(select(VacantRole)).scalars()
    assert vacant.missed >= 1 + len(facts)


def _asked_of_the_lpc() -> tuple[Any, dict[str, Any], list[tuple[Any, str, str]]]:
    data = {
        "request_id": new_id(),
        "nominal_id": new_id(),
        "requesting_unit": "prison-LEI",
        "owner_unit": PDU,
        "jurisdiction": "ENG",
        "users": 1,
        "for_reception": None,
    }
    return PARTNERSHIP_REQUESTED, data, [(None, "lpc", PDU)]


@pytest.mark.parametrize("first", ["tick", "fact"])
def test_the_fact_that_stops_a_clock_and_its_ladder_at_one_moment_leave_one_truth(
    office: Office, first: str
) -> None:
    """Whichever has the clock's row first is done first: a ladder climbed before it was met, or none."""
    tess, lee = office.person("Tess"), office.person("Lee", ("lpc", PDU))
    held = meeting(office, tess, level=3, held_on=START.date())
    office.at(date(2026, 3, 17))
    met = {"meeting_id": held, "nominal_id": new_id()}
    together = Barrier(2)

    def tick() -> None:
        together.wait()
        office.tick()

    def minutes() -> None:
        together.wait()
        office.deliver(MINUTES_ADDED, met)

    acts = [tick, minutes] if first == "tick" else [minutes, tick]
    threads = [Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(15)
    clock = office.clock_of("D-10", held)
    assert (clock.state, clock.in_time) == ("met", False)
    assert office.items(tess) == []
    assert office.items(lee) == []
    assert len(office.rungs(clock)) <= 1
