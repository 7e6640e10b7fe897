"""Live and training on one broker by mistake: neither hears the other, whatever was crossed."""

from __future__ import annotations

from collections.abc import Callable

import pika
import pytest

from shared.clock import SystemClock
from shared.events.envelope import Copy, Event
from shared.ids import new_id
from shared.messaging.backstage import RELAY
from shared.messaging.topology import exchange, queue_name
from tests.services.messaging.kit import NOTED, Spine, eventually, unpublished

Enter = Callable[[str], None]


@pytest.fixture
def enter(monkeypatch: pytest.MonkeyPatch) -> Enter:
    """Become processes of this environment."""
    return lambda name: monkeypatch.setenv("VISOR_ENVIRONMENT", name)


def waiting(spine: Spine, queue: str) -> int:
    """Messages that lie in the queue."""
    assert spine.amqp is not None
    connection = pika.BlockingConnection(pika.URLParameters(spine.amqp))
    count: int = connection.channel().queue_declare(queue, passive=True).method.message_count
    connection.close()
    return count


@pytest.mark.clause("PF-4.16/A.8")
def test_what_training_tells_on_the_brokers_live_uses_reaches_no_live_queue(
    spine: Spine, enter: Enter
) -> None:
    # Given live services that listen, and do hear each other
    enter("live")
    spine.start()
    spine.tell(1)
    eventually(lambda: spine.receiver.handled() == [1])
    spine.started.pop().stop()
    # When a training deployment is given the very same broker and virtual host
    enter("training")
    spine.start(spine.sender, roles=(RELAY,))
    spine.tell(2)
    # Then its fact finds no queue, stays with it, and says so; live's queue is empty
    eventually(lambda: spine.sender.value("SELECT last_error FROM outbox WHERE published_at IS NULL"))
    assert unpublished(spine.sender) == 1
    enter("live")
    assert waiting(spine, queue_name("receiver", "normal")) == 0
    assert spine.receiver.handled() == [1]


@pytest.mark.clause("PF-4.16/A.8")
def test_a_training_fact_in_a_live_exchange_is_buried_and_does_nothing(spine: Spine, enter: Enter) -> None:
    enter("live")
    spine.start()
    spine.tell(1)
    eventually(lambda: spine.receiver.handled() == [1])
    enter("training")
    event = Event.of(NOTED, {"n": 7}, id=new_id(), occurred_at=SystemClock().now()).copy_for(Copy("nca"))
    foreign = event.to_json()
    enter("live")
    assert spine.amqp is not None
    connection = pika.BlockingConnection(pika.URLParameters(spine.amqp))
    channel = connection.channel()
    channel.confirm_delivery()
    channel.basic_publish(exchange(), event.routing_key, foreign, mandatory=True)
    connection.close()
    eventually(lambda: spine.receiver.rows("SELECT reason FROM dead_letter"))
    ((reason,),) = spine.receiver.rows("SELECT reason FROM dead_letter")
    assert "training" in reason
    spine.tell(2)
    eventually(lambda: spine.receiver.handled() == [1, 2])
