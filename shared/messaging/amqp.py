"""A connection to the broker on a thread of its own, so that heartbeats go on whatever the rest is doing."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Any

import structlog
from pika.adapters.select_connection import SelectConnection
from pika.channel import Channel
from pika.exceptions import ChannelClosedByBroker

from shared.messaging.addresses import parameters

log = structlog.get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0
FAREWELL_SECONDS = 2.0
# A broker that comes back from a crash may leave a channel's request unanswered for good (seen with `basic.consume`
# on a quorum queue of 3.10); heartbeats go on meanwhile, so nobody else would notice.
SETUP_SECONDS = 8.0


class AmqpThread:
    """Connects, and reconnects for ever. Subclasses get `opened(channel)` and `lost()`, both on this
    thread; from other threads they reach the connection through `call` alone.
    """

    def __init__(self, url: str, name: str) -> None:
        self._parameters = parameters(url)
        self._parameters.client_properties = {"connection_name": name}
        self._name = name
        self._stopping = threading.Event()
        self._connection: SelectConnection | None = None
        self._wait = FIRST_WAIT
        self._at_work = self._dropped = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.last_error: str | None = None

    def opened(self, channel: Channel) -> None:
        raise NotImplementedError

    def lost(self) -> None:
        """Whatever was in flight is unknown now."""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Politely, but for so long only: a broker that elects leaders may take its time to answer a
        farewell.
        """
        self._stopping.set()
        self.call(self._close)
        if self._thread.is_alive():
            self._thread.join(FAREWELL_SECONDS)
            self.call(self.drop)
            self._thread.join(FAREWELL_SECONDS)

    def call(self, function: Callable[[], object]) -> bool:
        """Runs `function` on the connection's thread; false when there is no connection to run it on."""
        connection = self._connection
        if connection is None:
            return False
        try:
            connection.ioloop.add_callback_threadsafe(function)
        except Exception:  # noqa: BLE001 - what a loop raises that ends at this very moment is its own affair
            return False
        return True

    def ready(self) -> None:
        """A subclass says that it is at work: the next failure is answered at once again."""
        self._at_work = True
        self._wait = FIRST_WAIT
        self.last_error = None

    def drop(self) -> None:
        """Cuts the connection, on its own thread, without a word: for when the broker answers no words.
        Closing the socket makes the broker give back what it had handed out.
        """
        connection = self._connection
        if connection is None:
            return
        self._dropped = True
        transport = connection._transport  # noqa: SLF001 - pika offers but the polite way, which waits for an answer
        if transport is None:
            connection.ioloop.stop()
        else:
            transport.abort()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._connect_once()
            except Exception as error:  # noqa: BLE001 - whatever ends a connection, the next one is tried
                # pika does not expect to be cut off by ourselves and asserts that there was an error.
                if not self._dropped:
                    self._failed(error)
            self._connection = None
            self.lost()
            self._stopping.wait(self._wait * random.uniform(0.7, 1.3))  # noqa: S311 - only to spread a rush
            self._wait = min(self._wait * 2, LONGEST_WAIT)

    def _connect_once(self) -> None:
        connection = SelectConnection(
            self._parameters,
            on_open_callback=self._connected,
            on_open_error_callback=self._ended,
            on_close_callback=self._ended,
        )
        self._connection = connection
        self._at_work = self._dropped = False
        try:
            # `stop` either found this connection or had already said that none is wanted.
            if not self._stopping.is_set():
                connection.ioloop.start()
        finally:
            connection.ioloop.close()

    def _connected(self, connection: SelectConnection) -> None:
        connection.ioloop.call_later(SETUP_SECONDS, self._look_whether_at_work)
        connection.channel(on_open_callback=self._channel_open)

    def _look_whether_at_work(self) -> None:
        if not self._at_work:
            self._failed(f"not at work {SETUP_SECONDS} s after connecting")
            self.drop()

    def _channel_open(self, channel: Channel) -> None:
        channel.add_on_close_callback(self._channel_closed)
        self.opened(channel)

    def _channel_closed(self, _channel: Channel, reason: Exception) -> None:
        if isinstance(reason, ChannelClosedByBroker):
            self._failed(reason)
        self._close()

    def _ended(self, connection: Any, reason: Any) -> None:
        self._failed(reason)
        connection.ioloop.stop()

    def _close(self) -> None:
        connection = self._connection
        if connection is None:
            return
        if connection.is_open:
            connection.close()
        elif not connection.is_closing:
            connection.ioloop.stop()

    def _failed(self, reason: Any) -> None:
        """Said once for each kind of trouble, not for each try."""
        error = repr(reason)
        if not self._stopping.is_set() and error != self.last_error:
            log.warning("broker_connection_lost", connection=self._name, reason=error)
        self.last_error = error
