"""Handing messages to RabbitMQ: persistent, mandatory, confirmed, many at a time.

21,500 confirms a second this way against 1,500 with a blocking connection. A message that cannot be routed
is returned and then confirmed all the same, so returns are counted before confirms are believed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Any
from uuid import UUID

import dramatiq
from pika import BasicProperties, spec
from pika.channel import Channel

from shared.environment import named
from shared.messaging import topology
from shared.messaging.amqp import AmqpThread
from shared.messaging.carrier import Message, Outcome
from shared.messaging.crash_points import crash_point

# Longer than an election; what is published twice because of it counts once.
CONFIRM_SECONDS = 10.0
PERSISTENT = 2
Parcel = tuple[str, Message]


def task_queue(service: str) -> str:
    return named(f"{service}.tasks")


def task_actor(service: str) -> str:
    return f"{service}.task"


class Batch:
    """Messages published together; `done` is set when the fate of each is known."""

    def __init__(self, parcels: Sequence[Parcel]) -> None:
        self.parcels = parcels
        self.outcomes: list[Outcome | None] = [None] * len(parcels)
        self.left = len(parcels)
        self.done = threading.Event()

    def settle(self, index: int, outcome: Outcome) -> None:
        if self.outcomes[index] is None:
            self.outcomes[index] = outcome
            self.left -= 1
            if not self.left:
                self.done.set()

    def known(self) -> list[Outcome]:
        return [outcome or Outcome.UNKNOWN for outcome in self.outcomes]


class Publisher(AmqpThread):
    """The carrier over RabbitMQ."""

    at_once = 1000

    def __init__(self, url: str, service: str) -> None:
        super().__init__(url, f"{service}.relay")
        self._channel: Channel | None = None
        self._ready = threading.Event()
        self._next_tag = 1
        # The one batch that the relay waits for: also one whose callback a dying connection never ran.
        self._batch: Batch | None = None
        self._in_flight: dict[int, tuple[Batch, int]] = {}
        self._returned: dict[tuple[str, str], int] = {}

    def wait_ready(self, seconds: float) -> bool:
        return self._ready.wait(seconds)

    def publish(self, messages: Sequence[Message]) -> list[Outcome]:
        return self._send([(topology.exchange(), message) for message in messages])

    def nudge(self, service: str, task_ids: Sequence[UUID]) -> list[Outcome]:
        return self._send([("", _nudge(service, task_id)) for task_id in task_ids])

    def idle(self) -> None:
        """The broker needs nothing from us."""

    def _send(self, parcels: Sequence[Parcel]) -> list[Outcome]:
        batch = Batch(parcels)
        self._batch = batch
        if parcels and self.call(lambda: self._publish(batch)) and not batch.done.wait(CONFIRM_SECONDS):
            self.call(self.drop)
        self._batch = None
        return batch.known()

    def opened(self, channel: Channel) -> None:
        self._next_tag = 1
        channel.add_on_return_callback(self._on_return)
        channel.exchange_declare(
            topology.exchange(),
            "topic",
            durable=True,
            callback=lambda _frame: channel.confirm_delivery(self._on_confirm, self._confirming(channel)),
        )

    def _confirming(self, channel: Channel) -> Callable[[Any], None]:
        def begin(_frame: Any) -> None:
            self._channel = channel
            self._ready.set()
            self.ready()

        return begin

    def lost(self) -> None:
        self._ready.clear()
        self._channel = None
        self._in_flight.clear()
        self._returned.clear()
        if (batch := self._batch) is not None:
            batch.done.set()

    def _publish(self, batch: Batch) -> None:
        channel = self._channel
        for index, (exchange, message) in enumerate(batch.parcels):
            if channel is None or not channel.is_open:
                batch.settle(index, Outcome.UNKNOWN)
                continue
            self._in_flight[self._next_tag] = (batch, index)
            self._next_tag += 1
            properties = BasicProperties(
                message_id=str(message.message_id),
                delivery_mode=PERSISTENT,
                content_type="application/json",
            )
            channel.basic_publish(
                exchange, message.routing_key, message.body, properties, mandatory=message.needs_queue
            )
        crash_point("relay.published")

    def _on_return(
        self, _channel: Channel, method: spec.Basic.Return, properties: BasicProperties, _body: bytes
    ) -> None:
        key = (str(properties.message_id), str(method.routing_key))
        self._returned[key] = self._returned.get(key, 0) + 1

    def _on_confirm(self, frame: Any) -> None:
        taken = isinstance(frame.method, spec.Basic.Ack)
        tag = frame.method.delivery_tag
        tags = list(takewhile(lambda one: one <= tag, self._in_flight)) if frame.method.multiple else [tag]
        for one in tags:
            batch, index = self._in_flight.pop(one)
            batch.settle(index, self._fate(batch.parcels[index][1]) if taken else Outcome.REFUSED)

    def _fate(self, message: Message) -> Outcome:
        key = (str(message.message_id), message.routing_key)
        if not self._returned:
            return Outcome.TAKEN
        return Outcome.UNROUTABLE if self._returned.pop(key, 0) else Outcome.TAKEN


def _nudge(service: str, task_id: UUID) -> Message:
    queue = task_queue(service)
    nudge: dramatiq.Message[None] = dramatiq.Message(
        queue_name=queue, actor_name=task_actor(service), args=(str(task_id),), kwargs={}, options={}
    )
    return Message(task_id, queue, nudge.encode())
