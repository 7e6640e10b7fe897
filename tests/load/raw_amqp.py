"""The floor: publish, confirm, consume with pika alone, over the same broker and the same kind of queue."""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pika
from pika.adapters.select_connection import SelectConnection

QUEUE_ARGUMENTS = {"x-queue-type": "quorum", "x-delivery-limit": 1000}
BATCH = 500
PERSISTENT = pika.BasicProperties(delivery_mode=2)


class RawPublisher:
    """Publishes windows of messages on a thread of its own and waits until the last of them is confirmed."""

    def __init__(self, url: str, queue_name: str) -> None:
        self._queue = queue_name
        self._confirmed, self._sent = 0, 0
        self._settled = threading.Event()
        self._ready = threading.Event()
        self._connection = SelectConnection(pika.URLParameters(url), on_open_callback=self._opened)
        threading.Thread(target=self._connection.ioloop.start, daemon=True).start()
        self._ready.wait(10)

    def publish(self, bodies: list[bytes]) -> None:
        self._settled.clear()
        self._connection.ioloop.add_callback_threadsafe(lambda: self._publish(bodies))
        self._settled.wait(60)

    def _opened(self, connection: SelectConnection) -> None:
        connection.channel(on_open_callback=self._declared)

    def _declared(self, channel: Any) -> None:
        self._channel = channel
        declared: Callable[[Any], None] = lambda _frame: channel.confirm_delivery(  # noqa: E731
            self._on_confirm, lambda _frame: self._ready.set()
        )
        channel.queue_declare(self._queue, durable=True, arguments=QUEUE_ARGUMENTS, callback=declared)

    def _publish(self, bodies: list[bytes]) -> None:
        self._sent += len(bodies)
        for body in bodies:
            self._channel.basic_publish("", self._queue, body, PERSISTENT, mandatory=True)

    def _on_confirm(self, frame: Any) -> None:
        self._confirmed = max(self._confirmed, frame.method.delivery_tag)
        if self._confirmed == self._sent:
            self._settled.set()


def consume(url: str, queue_name: str, count: int, arrived: Callable[[bytes, float], None]) -> None:
    """Until `count` messages have come; acknowledged in batches, or at once when nothing more waits."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.queue_declare(queue_name, durable=True, arguments=QUEUE_ARGUMENTS)
    channel.basic_qos(prefetch_count=BATCH)
    for seen, (method, _, body) in enumerate(channel.consume(queue_name), start=1):
        arrived(body, time.time())
        if seen % (BATCH // 2) == 0 or seen >= count:
            channel.basic_ack(method.delivery_tag, multiple=True)
        if seen >= count:
            break
    connection.close()


def latencies(url: str, count: int, rate: float) -> list[float]:
    """Seconds from the publish until it is both confirmed and received."""
    publisher = RawPublisher(url, "raw.latency")
    received: queue.SimpleQueue[float] = queue.SimpleQueue()
    note: Callable[[bytes, float], None] = lambda _body, at: received.put(at)  # noqa: E731
    threading.Thread(target=consume, args=(url, "raw.latency", count, note), daemon=True).start()
    time.sleep(1)
    taken = []
    for _ in range(count):
        began = time.time()
        publisher.publish([b"x" * 300])
        confirmed = time.time()
        taken.append(max(received.get(timeout=10), confirmed) - began)
        time.sleep(max(0.0, 1 / rate - (time.time() - began)))
    return taken


if __name__ == "__main__":
    consume(sys.argv[1], sys.argv[2], int(sys.argv[3]), lambda _body, _at: None)
