"""Between the broker and the database: each message once, whatever happens to it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import UUID

import pika
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from deploy.postgres import Postgres
from deploy.rabbitmq import RabbitMQ
from shared.clock import SystemClock
from shared.events.envelope import Copy, Event
from shared.messaging import aside, dead_letters, versions
from shared.messaging.participant import Later, Order
from shared.messaging.tables import SPINE
from shared.messaging.upkeep import republish
from tests.services.messaging.kit import (
    NOTED,
    Spine,
    eventually,
    hurry,
    kill,
    listening,
    note,
    subscription,
    unpublished,
)

NOMINAL, OTHER = UUID(int=1), UUID(int=2)


def tell_again(spine: Spine) -> None:
    """As a relay that died before it could mark what it had published."""
    with spine.sender.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET published_at = NULL, taken = '[]'"))


def test_a_fact_published_twice_is_handled_once(any_spine: Spine) -> None:
    any_spine.start()
    any_spine.tell(*range(20))
    eventually(lambda: len(any_spine.receiver.handled()) == 20)
    eventually(lambda: unpublished(any_spine.sender) == 0)
    tell_again(any_spine)
    any_spine.tell(20)
    eventually(lambda: unpublished(any_spine.sender) == 0)
    eventually(lambda: 20 in any_spine.receiver.handled())
    assert sorted(any_spine.receiver.handled()) == list(range(21))


def test_two_consumers_share_the_work_and_double_nothing(spine: Spine) -> None:
    spine.start()
    spine.start(spine.receiver, roles=["consumer"])
    for first in range(0, 600, 100):
        spine.tell(*range(first, first + 100))
    eventually(lambda: len(spine.receiver.handled()) >= 600)
    assert sorted(spine.receiver.handled()) == list(range(600))


def test_poison_is_tried_five_times_then_buried_and_stops_nobody(any_spine: Spine) -> None:
    spine = any_spine
    healed = threading.Event()

    def refuse_thirteen(session: Session, event: Event) -> None:
        note(session, event)
        if event.data["n"] == 13 and not healed.is_set():
            raise RuntimeError("thirteen is poison")

    spine.receiver = listening(spine.receiver, subscription(NOTED, refuse_thirteen))
    spine.start()
    spine.tell(*range(20))
    eventually(lambda: len(spine.receiver.handled()) == 19)
    eventually(lambda: hurry(spine.receiver) and spine.receiver.rows("SELECT FROM dead_letter"))
    with spine.receiver.participant.session() as session:
        (letter,) = dead_letters.listed(session, SPINE)
    assert letter.reason == "RuntimeError: thirteen is poison"
    assert letter.attempts == aside.MOST_ATTEMPTS
    assert letter.type == NOTED.name
    assert letter.readable()["data"] == {"n": 13}
    assert 13 not in spine.receiver.handled()
    assert spine.receiver.value("SELECT count(*) FROM inbox_retry") == 0

    healed.set()
    with spine.receiver.participant.session() as session:
        assert dead_letters.replay(session, SPINE, letter.message_id) == 1
        assert dead_letters.replay(session, SPINE, letter.message_id) == 0
        session.commit()
    eventually(lambda: 13 in spine.receiver.handled())
    with spine.receiver.participant.session() as session:
        assert dead_letters.listed(session, SPINE) == []
        assert dead_letters.shown(session, SPINE, letter.message_id)
    assert sorted(spine.receiver.handled()) == list(range(20))


def test_what_is_no_event_is_buried_and_holds_up_nobody(spine: Spine) -> None:
    bodies = [b"", b"{", b"[]", b'{"id": 1}', b"\xff\x00"]
    spine.start()
    spine.tell(1)
    eventually(lambda: spine.receiver.handled() == [1])
    for body in bodies:
        _publish(spine, "visor.events", f"{NOTED.name}.nca", body)
    spine.tell(2)
    eventually(lambda: spine.receiver.handled() == [1, 2])
    eventually(lambda: len(spine.receiver.rows("SELECT FROM dead_letter")) == len(bodies))
    letters = spine.receiver.rows("SELECT body, reason FROM dead_letter")
    assert sorted(bytes(letter.body) for letter in letters) == sorted(bodies)
    assert all(letter.reason.startswith("not an event") for letter in letters)


def _publish(spine: Spine, exchange: str, routing_key: str, body: bytes) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(spine.amqp))
    connection.channel().basic_publish(exchange, routing_key, body)
    connection.close()


def test_data_that_its_schema_refuses_is_buried(any_spine: Spine) -> None:
    any_spine.tell(1)
    with any_spine.sender.engine.begin() as connection:
        connection.execute(text("""UPDATE outbox SET data = '{"n": "many"}'"""))
    any_spine.start()
    eventually(lambda: any_spine.receiver.rows("SELECT FROM dead_letter"))
    assert any_spine.receiver.value("SELECT reason FROM dead_letter").startswith(NOTED.name)


def test_fields_of_a_newer_release_are_ignored(any_spine: Spine) -> None:
    any_spine.tell(1)
    with any_spine.sender.engine.begin() as connection:
        connection.execute(text("""UPDATE outbox SET data = '{"n": 1, "since_next_year": true}'"""))
    any_spine.start()
    eventually(lambda: any_spine.receiver.handled() == [1])


def test_a_major_nobody_here_knows_is_kept_until_somebody_does(any_spine: Spine) -> None:
    any_spine.tell(1)
    with any_spine.sender.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET version = 2"))
    backstage = any_spine.start()
    reason = "SELECT reason FROM inbox_retry"
    eventually(lambda: any_spine.receiver.rows(reason))
    assert any_spine.receiver.value(reason) == f"Later: nobody here listens to {NOTED.name} v2"
    backstage.stop()
    assert any_spine.receiver.handled() == []
    assert not any_spine.receiver.rows("SELECT FROM dead_letter")


def test_of_two_majors_of_one_fact_only_one_counts(any_spine: Spine) -> None:
    any_spine.tell(1)
    with any_spine.sender.engine.begin() as connection:
        columns = "id, kind, occurred_at, data, copies, urgent"
        connection.execute(
            text(f"INSERT INTO outbox (version, {columns}) SELECT 2, {columns} FROM outbox WHERE version = 1")
        )
    any_spine.start()
    eventually(lambda: any_spine.receiver.handled() == [1])
    eventually(lambda: unpublished(any_spine.sender) == 0)
    eventually(lambda: hurry(any_spine.receiver) and not any_spine.receiver.rows("SELECT FROM inbox_retry"))
    assert any_spine.receiver.handled() == [1]


def test_what_the_broker_gave_up_is_buried_and_can_be_replayed(spine: Spine) -> None:
    given_up = Event.of(NOTED, {"n": 7}, id=NOMINAL, occurred_at=SystemClock().now()).copy_for(Copy("nca"))
    spine.start()
    spine.tell(1)
    eventually(lambda: spine.receiver.handled() == [1])
    _publish(spine, "", "receiver.undeliverable", given_up.to_json())
    eventually(lambda: spine.receiver.rows("SELECT FROM dead_letter"))
    assert spine.receiver.value("SELECT reason FROM dead_letter") == "the broker gave it up"
    with spine.receiver.participant.session() as session:
        dead_letters.replay(session, SPINE)
        session.commit()
    eventually(lambda: spine.receiver.handled() == [1, 7])
    eventually(lambda: not spine.receiver.rows("SELECT FROM inbox_retry"))


def test_while_the_database_is_away_nothing_is_counted_against_a_message(
    spine: Spine, postgres: Postgres
) -> None:
    spine.start()
    spine.tell(0)
    eventually(lambda: spine.receiver.handled() == [0])
    spine.tell(*range(1, 50))
    postgres.restart()
    spine.receiver.engine.dispose()  # whoever counts here asks anew; only the consumer is to find broken connections
    eventually(lambda: _told(spine, 50))
    eventually(lambda: len(spine.receiver.handled()) == 51)
    assert sorted(spine.receiver.handled()) == list(range(51))
    assert not spine.receiver.rows("SELECT FROM inbox_retry")
    assert not spine.receiver.rows("SELECT FROM dead_letter")


def _told(spine: Spine, n: int) -> bool:
    """The pool's connections died with the server: whoever finds one broken tries again, as a request would."""
    try:
        spine.tell(n)
    except Exception:  # noqa: BLE001
        return False
    return True


@pytest.mark.parametrize("how", ["restart", "kill"])
def test_with_the_broker_gone_people_work_on_and_all_arrives_once_later(
    spine: Spine, rabbitmq: RabbitMQ, how: str
) -> None:
    spine.start()
    spine.tell(*range(10))
    eventually(lambda: len(spine.receiver.handled()) == 10)
    rabbitmq.stop() if how == "restart" else kill(rabbitmq)
    spine.tell(*range(10, 30))
    assert unpublished(spine.sender) >= 20
    rabbitmq.start()
    spine.tell(*range(30, 40))
    eventually(lambda: len(spine.receiver.handled()) >= 40, seconds=40)
    eventually(lambda: unpublished(spine.sender) == 0)
    assert sorted(spine.receiver.handled()) == list(range(40))


@pytest.mark.parametrize(
    ("order", "seen"), [(Order.ANY, [3, 1, 3]), (Order.NEWER, [3]), (Order.NOT_OLDER, [3, 3])]
)
def test_older_versions_are_ignored_as_the_handler_declares(
    any_spine: Spine, order: Order, seen: list[int]
) -> None:
    any_spine.receiver = listening(any_spine.receiver, subscription(NOTED, order=order))
    subject = ("nominal", NOMINAL)
    for version in (3, 1, 3):
        any_spine.tell(version, aggregate=subject, version=version)
    any_spine.tell(9, aggregate=("nominal", OTHER), version=1)
    any_spine.start()
    eventually(lambda: 9 in any_spine.receiver.handled())
    assert [n for n in any_spine.receiver.handled() if n != 9] == seen


def test_each_agencys_copy_of_one_version_is_seen(any_spine: Spine) -> None:
    any_spine.receiver = listening(any_spine.receiver, subscription(NOTED, order=Order.NEWER))
    any_spine.tell(1, agencies=["nca", "police-13"], aggregate=("nominal", NOMINAL), version=1)
    any_spine.start()
    eventually(lambda: any_spine.receiver.handled() == [1, 1])


def test_a_handler_that_finds_a_gap_is_called_again_later(any_spine: Spine) -> None:
    def in_turn(session: Session, event: Event) -> None:
        before = versions.known(session, SPINE, "in turn", event)
        assert event.aggregate
        if event.aggregate.version != len(handled()) + 1:
            raise Later(f"knows {before}")
        note(session, event)

    handled: Callable[[], list[int]] = any_spine.receiver.handled
    any_spine.receiver = listening(any_spine.receiver, subscription(NOTED, in_turn))
    any_spine.tell(2, aggregate=("nominal", NOMINAL), version=2)
    any_spine.start()
    eventually(lambda: any_spine.receiver.rows("SELECT FROM inbox_retry"))
    any_spine.tell(1, aggregate=("nominal", NOMINAL), version=1)
    eventually(lambda: hurry(any_spine.receiver) and handled() == [1, 2])
    eventually(lambda: not any_spine.receiver.rows("SELECT FROM inbox_retry"))


def test_a_restored_service_gets_everything_again(any_spine: Spine) -> None:
    any_spine.start()
    any_spine.tell(*range(30))
    eventually(lambda: len(any_spine.receiver.handled()) == 30)
    eventually(lambda: unpublished(any_spine.sender) == 0)
    with any_spine.receiver.engine.begin() as connection:
        connection.execute(
            text("DELETE FROM inbox WHERE message_id IN (SELECT message_id FROM inbox LIMIT 12)")
        )
        connection.execute(text("DELETE FROM handled"))
    with any_spine.sender.work() as session:
        since = session.execute(text("SELECT min(created_at) FROM outbox")).scalar_one()
        assert republish(session, SPINE, since, [NOTED.name]) == 30
    eventually(lambda: len(any_spine.receiver.handled()) == 12)
    eventually(lambda: unpublished(any_spine.sender) == 0)
    assert len(any_spine.receiver.handled()) == 12
