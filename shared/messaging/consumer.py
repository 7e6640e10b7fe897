"""Taking messages from one of a subscriber's queues: the connection on one thread, the database on another.

A batch is acknowledged only after all that became of it is committed. While the database is away the batch
is held and tried again, and nothing is counted against it; should the broker go away meanwhile, it will
deliver the batch again.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import structlog
from pika import BasicProperties, spec
from pika.channel import Channel

from shared.messaging import topology
from shared.messaging.amqp import AmqpThread
from shared.messaging.away import is_away
from shared.messaging.crash_points import crash_point
from shared.messaging.intake import Delivery, Intake
from shared.messaging.participant import Participant
from shared.messaging.topology import Lane, QueueSpec, exchange

log = structlog.get_logger(__name__)

# While one batch is worked on, the next is here already.
BATCH = 300
PREFETCH = 2 * BATCH
IDLE_SECONDS = 1.0
AWAY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery, and where it is to be acknowledged: a tag means nothing on any other channel."""

    channel: Channel
    tag: int
    delivery: Delivery


class Consumer(AmqpThread):
    """One lane of one subscriber. Any number may share a queue."""

    def __init__(self, url: str, participant: Participant, lane: Lane, intake: Intake) -> None:
        super().__init__(url, f"{participant.name}.{lane}")
        self._intake = intake
        self._queue = topology.queue(participant, lane)
        # What the broker gave up goes with the normal lane: nobody waits for it.
        self._last_resort = topology.undeliverable(participant.name)
        self._takes_last_resort = lane == "normal"
        self._arrivals: queue.SimpleQueue[Arrival] = queue.SimpleQueue()
        self._current: Channel | None = None
        self.consuming = threading.Event()

    def run(self, stop: threading.Event) -> None:
        """Works until told to stop; the batch in hand is finished and acknowledged."""
        self.start()
        try:
            self._serve(stop)
        finally:
            self.stop()

    def _serve(self, stop: threading.Event) -> None:
        looked = time.monotonic()
        while not stop.is_set():
            batch = self._batch()
            if batch:
                self._take(batch, stop)
            if time.monotonic() - looked > IDLE_SECONDS:
                self._retry_due()
                looked = time.monotonic()

    def opened(self, channel: Channel) -> None:
        steps: list[Callable[..., object]] = [
            partial(channel.basic_qos, prefetch_count=PREFETCH),
            partial(channel.exchange_declare, exchange(), "topic", durable=True),
            partial(_declare, channel, self._last_resort),
            partial(_declare, channel, self._queue),
        ]
        steps += [
            partial(channel.queue_bind, self._queue.name, exchange(), key) for key in self._queue.bindings
        ]
        self._one_after_another(channel, steps)

    def lost(self) -> None:
        self._current = None
        self.consuming.clear()

    def _one_after_another(self, channel: Channel, steps: list[Callable[..., object]]) -> None:
        if not steps:
            self._consume(channel)
            return
        first, *rest = steps
        first(callback=lambda _frame: self._one_after_another(channel, rest))

    def _consume(self, channel: Channel) -> None:
        """At work only when the broker has said so for each queue."""
        self._current = channel
        sources = [(self._queue, False)] + [(self._last_resort, True)] * self._takes_last_resort
        waiting = [source.name for source, _ in sources]

        def accepted(_frame: object) -> None:
            waiting.pop()
            if not waiting:
                self.ready()
                self.consuming.set()

        for source, hopeless in sources:
            channel.basic_consume(source.name, partial(self._arrived, hopeless), callback=accepted)

    def _arrived(
        self,
        hopeless: bool,
        channel: Channel,
        method: spec.Basic.Deliver,
        _properties: BasicProperties,
        body: bytes,
    ) -> None:
        delivery = Delivery(body, again=method.redelivered, hopeless=hopeless)
        self._arrivals.put(Arrival(channel, method.delivery_tag, delivery))

    def _batch(self) -> list[Arrival]:
        """Whatever has arrived on the channel that is open now, in order; empty after a second without
        anything.
        """
        batch: list[Arrival] = []
        try:
            arrival = self._arrivals.get(timeout=IDLE_SECONDS)
            while True:
                if arrival.channel is self._current:
                    batch.append(arrival)
                if len(batch) >= BATCH:
                    return batch
                arrival = self._arrivals.get_nowait()
        except queue.Empty:
            return batch

    def _take(self, batch: Sequence[Arrival], stop: threading.Event) -> None:
        crash_point("consumer.received")
        channel = batch[-1].channel
        deliveries = [arrival.delivery for arrival in batch]
        while channel is self._current and not stop.is_set():
            try:
                self._intake.take(deliveries)
            except Exception as error:
                if not is_away(error):
                    raise
                log.warning("consumer_waits_for_database", queue=self._queue.name)
                stop.wait(AWAY_SECONDS)
            else:
                self.call(partial(_acknowledge, channel, batch[-1].tag))
                return

    def _retry_due(self) -> None:
        try:
            self._intake.retry_due()
        except Exception as error:
            if not is_away(error):
                raise


def _declare(channel: Channel, spec_: QueueSpec, callback: Callable[..., object]) -> None:
    channel.queue_declare(spec_.name, durable=True, arguments=spec_.arguments, callback=callback)


def _acknowledge(channel: Channel, tag: int) -> None:
    """All deliveries up to this one. Nothing is lost when the channel is gone: they come again and are
    known.
    """
    if channel.is_open:
        channel.basic_ack(tag, multiple=True)
        crash_point("consumer.acknowledged")
