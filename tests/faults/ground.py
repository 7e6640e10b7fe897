"""The private servers and processes that are killed, and how each comes back."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from deploy.postgres import Postgres, PostgresError
from deploy.rabbitmq import RabbitMQ, RabbitMQError
from deploy.rabbitmq_accounts import VHOST
from shared.messaging.crash_points import VARIABLE
from tests.faults import ledger
from tests.faults.role import AMQP, HOME, NOTIFICATIONS, RECORDS, WRITER
from tests.faults.trial import METADATA

BROKER, DATABASE = "broker", "database"
BACKSTAGE = ("relay", "consumer", "tick", "tasks")
PROCESSES = (WRITER, *BACKSTAGE)
COME_BACK_SECONDS = 60.0


class Ground:
    """Everything runs until `close`; `kill` and `revive` take a role's name, `broker` or `database`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.postgres = Postgres(home / "postgres")
        self.rabbitmq = RabbitMQ(home / "rabbitmq")
        self.kills: dict[str, int] = {}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def open(self) -> None:
        self.postgres.start()
        self.rabbitmq.start()
        for name in ("records", "notifications"):
            with psycopg.connect(self.plain_url("postgres"), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            METADATA.create_all(create_engine(self.postgres.url(name), poolclass=NullPool))
            with psycopg.connect(self.plain_url(name)) as connection:
                connection.execute(ledger.TABLES)

    def close(self) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()
        self.rabbitmq.stop()
        self.postgres.stop()

    def plain_url(self, database: str) -> str:
        return self.postgres.url(database).replace("+psycopg", "")

    def start(self, role: str, *, crash_at: str = "") -> None:
        environment = os.environ | {
            RECORDS: self.postgres.url("records"),
            NOTIFICATIONS: self.postgres.url("notifications"),
            AMQP: self.rabbitmq.url(),
            HOME: str(self.home),
            VARIABLE: crash_at,
        }
        with (self.home / f"{role}.log").open("ab") as log:
            command = [sys.executable, "-m", "tests.faults.role", role.partition("-")[0]]
            self._running[role] = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def kill(self, name: str) -> None:
        self.kills[name] = self.kills.get(name, 0) + 1
        if name == BROKER:
            self.rabbitmq.kill()
        elif name == DATABASE:
            self.postgres.kill()
        else:
            self._running[name].kill()
            self._running[name].wait()

    def revive(self, name: str) -> None:
        if name == BROKER:
            self._insist(self.rabbitmq.start, RabbitMQError)
        elif name == DATABASE:
            self._insist(self.postgres.start, PostgresError)
        else:
            self.start(name)

    def dies_by_itself(self, role: str, seconds: float) -> bool:
        """Whether the process comes to the crash point it was started with."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            if self._running[role].wait(seconds) == -signal.SIGKILL:
                self.kills[role] = self.kills.get(role, 0) + 1
                return True
        return False

    def stop(self, role: str) -> None:
        process = self._running.pop(role)
        process.kill()
        process.wait()

    def comes_to_rest(self, seconds: float) -> bool:
        """With nobody writing and nobody killing, until nothing is open in either database nor with the broker."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(psycopg.Error):
                # What the broker held meanwhile may have opened something again.
                if self._nothing_open() and not self._with_the_broker() and self._nothing_open():
                    return True
            time.sleep(0.3)
        return False

    def _nothing_open(self) -> bool:
        return ledger.at_rest(self.plain_url("records"), self.plain_url("notifications"))

    def _with_the_broker(self) -> int:
        """Messages that wait in any queue, or were handed out and not yet acknowledged.

        But for Dramatiq's own dead letters (`.XQ`): a nudge that met a dead database lies there for a week, and the
        tick has sent another.
        """
        said = self.rabbitmq.control("list_queues", "-p", VHOST, "--no-table-headers", "name", "messages")
        queues = (line.split() for line in said.splitlines() if "\t" in line)
        return sum(int(messages) for name, messages in queues if not name.endswith(".XQ"))

    def still_open(self) -> str:
        """What is not at rest, for whoever has to find out why."""
        said = self.rabbitmq.control("list_queues", "-p", VHOST, "--no-table-headers", "name", "messages")
        return f"nothing open in the databases: {self._nothing_open()}; with the broker:\n{said}"

    def balance(self) -> ledger.Balance:
        return ledger.balance(
            self.plain_url("records"), self.plain_url("notifications"), self.home / "acknowledged"
        )

    @property
    def redelivered(self) -> int:
        counted = self.home / "redelivered"
        return counted.stat().st_size if counted.exists() else 0

    @staticmethod
    def _insist(start: object, error: type[Exception]) -> None:
        """A killed server's children may hold on to its memory for a moment longer."""
        deadline = time.monotonic() + COME_BACK_SECONDS
        while True:
            try:
                start()  # type: ignore[operator]
            except error:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """In a folder of its own, which PostgreSQL's user can reach; gone afterwards unless something is wrong."""
    with tempfile.TemporaryDirectory(prefix="visor-faults-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        made = Ground(Path(folder))
        try:
            made.open()
            yield made
        finally:
            made.close()
