"""What the spine says about itself, and what it throws away."""

from __future__ import annotations

import logging
import re
import ssl
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pika
import pytest
from sqlalchemy import text

import shared.events.identity
import shared.messaging
from deploy.ports import free_port
from deploy.rabbitmq import RabbitMQ
from shared.events.registry import EventKind, register
from shared.messaging import crash_points, status, tasks, topology
from shared.messaging.addresses import amqp_url, parameters
from shared.messaging.backstage import Backstage
from shared.messaging.participant import TaskKind
from shared.messaging.tables import SPINE
from shared.messaging.task_runner import TaskRunner
from shared.messaging.task_workers import TaskWorkers
from shared.messaging.upkeep import purge, republish
from tests.services.messaging.kit import (
    FAST,
    NOTED,
    Number,
    Spine,
    eventually,
    kill,
    listening,
    side,
    subscription,
    unpublished,
)
from tests.services.messaging.test_messaging_tasks import count


def test_it_says_that_facts_come_late_while_nobody_takes_them(any_spine: Spine) -> None:
    engine = any_spine.sender.engine
    assert status.delayed(engine)
    backstage = any_spine.start()
    eventually(lambda: not status.delayed(engine))
    eventually(lambda: status.status(engine).heartbeats.keys() >= {"relay", "tick"})
    backstage.stop()
    any_spine.tell(1)
    with engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET waiting_since = now() - interval '11 s'"))
    assert status.delayed(engine)
    told = status.status(engine)
    assert (told.waiting, told.refused, told.dead_letters) == (1, 0, 0)
    assert 11 <= told.oldest_seconds < 60
    any_spine.start()
    eventually(lambda: not status.delayed(engine))


def test_it_says_that_facts_come_late_while_the_broker_is_away(spine: Spine, rabbitmq: RabbitMQ) -> None:
    engine = spine.sender.engine
    spine.start()
    eventually(lambda: not status.delayed(engine))
    kill(rabbitmq)
    eventually(lambda: status.delayed(engine, late=3))
    rabbitmq.start()
    eventually(lambda: not status.delayed(engine, late=3))


def test_facts_that_are_said_again_are_not_late_because_they_are_old(any_spine: Spine) -> None:
    engine = any_spine.sender.engine
    any_spine.tell(1)
    any_spine.start()
    eventually(lambda: unpublished(any_spine.sender) == 0)
    with any_spine.sender.participant.session() as session:
        session.execute(
            text("UPDATE outbox SET created_at = now() - interval '20 days', waiting_since = created_at")
        )
        session.commit()
        assert republish(session, SPINE, datetime(2020, 1, 1, tzinfo=UTC)) == 1
        assert session.execute(text("SELECT now() - waiting_since < interval '5 s' FROM outbox")).scalar_one()
        session.commit()
    assert not status.delayed(engine)


def test_task_workers_say_once_that_the_broker_is_away(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], any_spine: Spine
) -> None:
    monkeypatch.setattr("dramatiq.worker.CONSUMER_RESTART_DELAY_SECS", 0.1)
    logging.getLogger("dramatiq").handlers = []
    stop = threading.Event()
    nobody = f"amqp://guest:guest@127.0.0.1:{free_port()}/?connection_attempts=1&socket_timeout=1"
    runner = TaskRunner(any_spine.sender.participant)
    workers = threading.Thread(target=TaskWorkers(nobody, "sender", runner).run, args=(stop,))
    workers.start()
    time.sleep(3)
    stop.set()
    workers.join(20)
    said = "".join(capfd.readouterr())
    assert 1 <= said.count("task_workers") <= 2, said
    assert "Traceback" not in said


def test_old_rows_go_but_what_is_not_yet_done_and_what_is_kept_for_good(any_spine: Spine) -> None:
    backstage = any_spine.start()
    any_spine.tell(*range(10))
    eventually(lambda: unpublished(any_spine.sender) == 0 and len(any_spine.receiver.handled()) == 10)
    backstage.stop()  # the tick sweeps too, when it begins
    with any_spine.sender.engine.begin() as connection:
        connection.execute(
            text("UPDATE outbox SET created_at = now() - interval '91 days' WHERE sequence <= 6")
        )
        connection.execute(
            text("UPDATE outbox SET next_attempt_at = 'infinity', published_at = NULL WHERE sequence = 1")
        )
        connection.execute(text("UPDATE outbox SET kind = 'identity.policy.changed' WHERE sequence = 6"))
    with any_spine.receiver.engine.begin() as connection:
        old = "UPDATE inbox SET received_at = now() - interval '181 days' WHERE message_id IN (TABLE few)"
        connection.execute(text(f"WITH few AS (SELECT message_id FROM inbox LIMIT 4) {old}"))
    assert purge(any_spine.sender.participant) == 4
    assert purge(any_spine.receiver.participant) == 4
    assert any_spine.sender.value("SELECT count(*) FROM outbox") == 6
    assert any_spine.receiver.value("SELECT count(*) FROM inbox") == 6


def test_every_crash_point_is_named_and_stands_somewhere() -> None:
    sources = Path(shared.messaging.__file__).parent.glob("*.py")
    text_ = "".join(source.read_text() for source in sources)
    used = re.findall(r'crash_point\(\s*"([a-z._]+)"(?: if \w+ else "([a-z._]+)")?\s*\)', text_)
    assert {name for names in used for name in names if name} == set(crash_points.POINTS)


@pytest.mark.parametrize(
    ("url", "env", "expected"),
    [
        ("amqp://visor-{service}:x@rabbit/v", {}, "amqp://visor-records:x@rabbit/v"),
        ("amqp://rabbit", {"VISOR_AMQP_URL_RECORDS": "amqps://own"}, "amqps://own"),
        ("amqp://rabbit", {"VISOR_AMQP_URL_IDENTITY": "amqps://own"}, "amqp://rabbit"),
    ],
)
def test_each_service_has_its_own_address(url: str, env: dict[str, str], expected: str) -> None:
    assert amqp_url(url, "records", env) == expected


def test_over_tls_with_an_account_for_each_service(
    fresh_database: Callable[..., str], rabbitmq: RabbitMQ, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each account may touch its own queues and publish its own service's facts only."""
    kind = register(EventKind("records.trial.noted", 1, Number))
    spine = Spine(
        sender=side("records", fresh_database("records"), tasks={"count": TaskKind("count", count)}),
        receiver=side("notifications", fresh_database("notifications"), subscriptions=[subscription(kind)]),
        amqp=rabbitmq.tls_url("identity"),
    )
    for service in ("records", "notifications"):
        monkeypatch.setenv(f"VISOR_AMQP_URL_{service.upper()}", rabbitmq.tls_url(service))
    spine.start()
    spine.tell(*range(5), kind=kind)
    with spine.sender.work() as session:
        tasks.write(session, SPINE, "count", {"n": 1})
    eventually(lambda: len(spine.receiver.handled()) == 5)
    eventually(lambda: spine.sender.handled() == [1])
    spine.stop()


def test_a_certificate_of_nobody_known_is_not_taken(rabbitmq: RabbitMQ) -> None:
    unverifiable = rabbitmq.tls_url().partition("?")[0]
    with pytest.raises(ssl.SSLCertVerificationError):
        pika.BlockingConnection(parameters(unverifiable))
    pika.BlockingConnection(parameters(rabbitmq.tls_url())).close()


def test_queues_are_quorum_queues_with_a_far_away_limit(spine: Spine) -> None:
    mine = listening(spine.receiver, subscription(NOTED), agencies=("nca", "police-13"))
    queue = topology.queue(mine.participant, "normal")
    assert queue.arguments["x-queue-type"] == "quorum"
    assert queue.arguments["x-delivery-limit"] >= 1000
    assert queue.bindings == tuple(f"{NOTED.name}.{agency}" for agency in ("nca", "police-13", "all"))
    assert topology.queue(mine.participant, "urgent").bindings == ()


def test_a_role_that_does_not_exist_is_refused(spine: Spine) -> None:
    with pytest.raises(ValueError, match="no such role: rely"):
        Backstage([spine.sender.participant], spine.amqp, roles=["rely"], pace=FAST)
