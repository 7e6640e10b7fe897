"""One RabbitMQ node a worker (5 s), started when the first test asks for it and gone with its session."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from deploy.rabbitmq import RabbitMQ
from tests.servers.required import require


@pytest.fixture(scope="session")
def rabbitmq_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    require("rabbitmq")
    node = RabbitMQ(tmp_path_factory.mktemp("rabbitmq") / "node", tls=True)
    node.start()
    yield node
    node.stop()


@pytest.fixture
def rabbitmq(rabbitmq_node: RabbitMQ) -> RabbitMQ:
    """The node, up again if the test before killed it: `.kill()`, `.stop()`, `.start()`, `.restart()`."""
    if not rabbitmq_node.running:
        rabbitmq_node.start()
    return rabbitmq_node


@pytest.fixture
def amqp_url(rabbitmq: RabbitMQ) -> str:
    """The administrator's address of a virtual host that no other test uses, so that queue names are free."""
    vhost = f"test-{uuid4().hex[:12]}"
    rabbitmq.add_vhost(vhost)
    return rabbitmq.url(vhost=vhost)
