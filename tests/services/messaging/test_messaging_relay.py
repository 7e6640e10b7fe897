"""Between the outbox and the broker."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pika
import pytest
from sqlalchemy import text

from shared.ids import new_id
from shared.messaging import publisher as publisher_module
from shared.messaging.carrier import Message, Outcome
from shared.messaging.publisher import Publisher
from tests.services.messaging.kit import (
    FAST,
    NOTED,
    UNBOUND,
    UNHEARD,
    URGENT,
    Spine,
    eventually,
    hurry,
    hurry_outbox,
    listening,
    subscription,
    unpublished,
    write,
)

HOLDERS = """
    SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE locktype = 'advisory' AND granted AND datname = current_database()
"""


@contextmanager
def publishing(amqp: str) -> Iterator[Publisher]:
    publisher = Publisher(amqp, "trial")
    publisher.start()
    assert publisher.wait_ready(10)
    yield publisher
    publisher.stop()


def message(routing_key: str, *, needs_queue: bool = True) -> Message:
    return Message(new_id(), routing_key, b"{}", needs_queue)


@contextmanager
def bound_queue(amqp: str, *routing_keys: str) -> Iterator[pika.channel.Channel]:
    """Somebody else's queue at the same exchange."""
    connection = pika.BlockingConnection(pika.URLParameters(amqp))
    channel = connection.channel()
    channel.exchange_declare("visor.events", "topic", durable=True)
    channel.queue_declare("probe")
    for key in routing_keys:
        channel.queue_bind("probe", "visor.events", key)
    yield channel
    connection.close()


def probed(channel: Any) -> list[str]:
    keys = []
    while (got := channel.basic_get("probe", auto_ack=True))[0]:
        keys.append(got[0].routing_key)
    return keys


def test_a_returned_message_is_also_confirmed_and_counts_as_unroutable(
    spine_amqp: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirms: list[str] = []
    believed = Publisher._on_confirm

    def noting(self: Publisher, frame: Any) -> None:
        confirms.append(type(frame.method).__name__)
        believed(self, frame)

    monkeypatch.setattr(publisher_module.Publisher, "_on_confirm", noting)
    with bound_queue(spine_amqp, "trial.log.noted.nca"), publishing(spine_amqp) as publisher:
        sent = [
            message("trial.log.noted.nca"),
            message("trial.log.noted.police-13"),
            message("trial.log.noted.nca"),
        ]
        outcomes = publisher.publish(sent)
        unasked = publisher.publish([message("trial.log.noted.police-13", needs_queue=False)])
    assert outcomes == [Outcome.TAKEN, Outcome.UNROUTABLE, Outcome.TAKEN]
    assert unasked == [Outcome.TAKEN]
    assert set(confirms) == {"Ack"}


def test_a_publisher_without_a_broker_knows_nothing_and_does_not_hang() -> None:
    publisher = Publisher("amqp://nobody:nothing@127.0.0.1:19999/", "trial")
    publisher.start()
    assert publisher.publish([message("trial.log.noted.nca")]) == [Outcome.UNKNOWN]
    publisher.stop()


def test_each_agency_gets_its_own_copy_under_its_own_key(spine: Spine) -> None:
    with bound_queue(spine.amqp or "", "trial.log.noted.*") as channel:
        spine.start(spine.sender, roles=["relay"])
        spine.tell(1, agencies=["nca", "police-13", "prison-service"])
        eventually(lambda: unpublished(spine.sender) == 0)
        assert sorted(probed(channel)) == [
            f"trial.log.noted.{agency}" for agency in ("nca", "police-13", "prison-service")
        ]


def test_a_fact_stays_until_every_copy_is_taken_and_no_copy_is_sent_twice(spine: Spine) -> None:
    with bound_queue(spine.amqp or "", "trial.log.noted.nca") as channel:
        spine.start(spine.sender, roles=["relay"])
        spine.tell(1, agencies=["nca", "police-13"])
        error = "SELECT last_error FROM outbox"
        eventually(lambda: spine.sender.value(error) == "police-13: no queue is bound for it")
        assert unpublished(spine.sender) == 1
        channel.queue_bind("probe", "visor.events", "trial.log.noted.police-13")
        hurry_outbox(spine.sender)
        eventually(lambda: unpublished(spine.sender) == 0)
        assert probed(channel) == ["trial.log.noted.nca", "trial.log.noted.police-13"]


def test_what_nobody_is_bound_for_waits_and_does_not_hold_up_the_rest(spine: Spine) -> None:
    spine.start()
    spine.tell(1, kind=UNBOUND)
    spine.tell(2, kind=UNHEARD)
    spine.tell(3)
    eventually(lambda: spine.receiver.handled() == [3])
    waiting = (
        "SELECT kind FROM outbox WHERE published_at IS NULL AND attempts > 0 AND next_attempt_at IS NOT NULL"
    )
    eventually(lambda: [row.kind for row in spine.sender.rows(waiting)] == [UNBOUND.name])
    late = listening(spine.receiver, subscription(UNBOUND))
    spine.start(late, roles=["consumer"])
    eventually(lambda: hurry_outbox(spine.sender) and unpublished(spine.sender) == 0)
    eventually(lambda: hurry(spine.receiver) and spine.receiver.handled() == [3, 1])


def test_one_relay_is_active_and_a_stand_by_takes_over(spine: Spine) -> None:
    spine.start(spine.receiver)
    spine.start(spine.sender, roles=["relay"])
    spine.start(spine.sender, roles=["relay"])
    spine.tell(*range(100))
    eventually(lambda: len(spine.receiver.handled()) == 100)
    (holder,) = spine.sender.rows(HOLDERS)
    with spine.sender.engine.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": holder[0]})
    spine.tell(*range(100, 200))
    eventually(lambda: len(spine.receiver.handled()) == 200)
    assert len(spine.sender.rows(HOLDERS)) == 1
    assert sorted(spine.receiver.handled()) == list(range(200))


def test_the_ring_wakes_the_relay_and_the_poll_covers_a_lost_ring(spine: Spine) -> None:
    spine.start(pace=replace(FAST, poll=3.0))
    spine.tell(0)
    eventually(lambda: spine.receiver.handled() == [0])
    spine.tell(1)
    eventually(lambda: spine.receiver.handled() == [0, 1], seconds=1.0)
    with spine.sender.participant.session() as session:
        write(session, NOTED, 2)
        session.commit()
    eventually(lambda: spine.receiver.handled() == [0, 1, 2], seconds=6.0)


def test_eight_writers_at_once_lose_nothing(any_spine: Spine) -> None:
    any_spine.start()

    def writer(first: int) -> None:
        for n in range(first, first + 25):
            any_spine.tell(n)

    writers = [threading.Thread(target=writer, args=(first,)) for first in range(0, 200, 25)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    eventually(lambda: sorted(any_spine.receiver.handled()) == list(range(200)))


def test_urgent_facts_overtake_what_waits(spine: Spine) -> None:
    with bound_queue(spine.amqp or "", "trial.log.*.nca") as channel:
        spine.tell(1, 2)
        spine.tell(3, kind=URGENT)
        spine.start(spine.sender, roles=["relay"])
        eventually(lambda: unpublished(spine.sender) == 0)
        assert probed(channel)[0] == f"{URGENT.name}.nca"


def test_a_service_is_told_its_own_deployments_copies_only(spine: Spine) -> None:
    mine = listening(spine.receiver, subscription(NOTED), agencies=("police-13",))
    spine.start(spine.sender)
    spine.start(mine)
    spine.tell(1, agencies=["nca"])
    spine.tell(2, agencies=["police-13"])
    spine.tell(3, agencies=["all"])
    eventually(lambda: hurry_outbox(spine.sender) and spine.receiver.handled() == [2, 3])
    assert unpublished(spine.sender) == 1
