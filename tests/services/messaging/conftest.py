"""A fresh pair of databases for each test, and both transports for tests that must hold over either."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pika
import pytest

from deploy.rabbitmq import RabbitMQ
from tests.servers.databases import drop_database
from tests.services.messaging.kit import NOTED, URGENT, Spine, side, subscription

QUEUES = [f"{side}.{end}" for side in ("sender", "receiver") for end in ("urgent", "normal", "undeliverable")]
TASKS = [f"{side}.tasks{end}" for side in ("sender", "receiver") for end in ("", ".DQ", ".XQ")]


@pytest.fixture(scope="session")
def spine_vhost(rabbitmq_node: RabbitMQ) -> str:
    rabbitmq_node.add_vhost("spine")
    return "spine"


@pytest.fixture
def spine_amqp(rabbitmq: RabbitMQ, spine_vhost: str) -> Iterator[str]:
    """One virtual host for all, emptied after each test: making one takes longer than most of the tests."""
    url = rabbitmq.url(vhost=spine_vhost)
    yield url
    if not rabbitmq.running:
        rabbitmq.start()
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    for queue in (*QUEUES, *TASKS, "probe"):
        channel.queue_delete(queue)
    connection.close()


@pytest.fixture
def spine(fresh_database: Callable[..., str], spine_amqp: str) -> Iterator[Spine]:
    """Over RabbitMQ."""
    yield from _spine(fresh_database, spine_amqp)


@pytest.fixture
def local_spine(fresh_database: Callable[..., str]) -> Iterator[Spine]:
    yield from _spine(fresh_database, None)


@pytest.fixture(params=["rabbitmq", "local"])
def any_spine(request: pytest.FixtureRequest) -> Spine:
    chosen: Spine = request.getfixturevalue("spine" if request.param == "rabbitmq" else "local_spine")
    return chosen


def _spine(fresh_database: Callable[..., str], amqp: str | None) -> Iterator[Spine]:
    listens = [subscription(NOTED), subscription(URGENT)]
    sending, receiving = fresh_database("sender"), fresh_database("receiver")
    made = Spine(
        sender=side("sender", sending),
        receiver=side("receiver", receiving, subscriptions=listens),
        amqp=amqp,
    )
    yield made
    made.stop()
    drop_database(sending)
    drop_database(receiving)
