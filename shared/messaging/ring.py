"""Waking the relay after a commit.

The NOTIFY leaves from a connection of its own and is coalesced: inside the writers' transactions it took a
lock that cut eight writers from 6,200 to 3,750 commits a second. A lost ring costs one poll of the relay,
no fact.
"""

from __future__ import annotations

import contextlib
import threading
import time

import psycopg

from shared.messaging.crash_points import crash_point

CHANNEL = "visor_outbox"
# Between two rings: what many writers commit meanwhile is one ring, and the first of a quiet moment waits for nothing.
_REST = 0.005


class Ring:
    """One for each database and process. `ring` never blocks and never fails."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._wanted = threading.Event()
        self._stopping = False
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def ring(self) -> None:
        crash_point("writer.committed")
        self._wanted.set()
        if self._thread is None:
            self._start()

    def stop(self) -> None:
        """The last ring asked for is still given."""
        with self._lock:
            self._stopping = True
            thread = self._thread
        self._wanted.set()
        if thread:
            thread.join(5)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None and not self._stopping:
                self._thread = threading.Thread(target=self._run, name="ring", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._stopping:
            with contextlib.suppress(psycopg.Error), self._connection() as connection:
                self._notify(connection)

    def _connection(self) -> psycopg.Connection:
        return psycopg.connect(self._conninfo, autocommit=True, connect_timeout=5)

    def _notify(self, connection: psycopg.Connection) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            connection.execute(f"NOTIFY {CHANNEL}")
            time.sleep(_REST)
            if self._stopping:
                return
