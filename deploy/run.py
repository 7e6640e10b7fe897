"""What `visor run` does: the whole suite on one machine, on one origin."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from deploy.announce import Announcer, place
from deploy.databases import embedded, with_address
from deploy.guarded import Guarded
from deploy.ports import is_free
from deploy.postgres import Postgres, PostgresError
from deploy.supervisor import Charge, Supervisor
from deploy.waiting import AFTER
from shared.settings import Settings

WORKERS, THREADS = 2, 4
OWNER = "VISOR_DATABASE_OWNER_URL"
GRACE_SECONDS = 20.0
SUITE_GRACE = 3 * GRACE_SECONDS


class CannotRun(RuntimeError):
    """The message says what whoever starts the suite must mend."""


def run(settings: Settings, *, demonstration: bool = True, logs_here: bool = False) -> int:
    """Until Ctrl-C or SIGTERM; returns the status to exit with."""
    server = early = None
    try:
        settings, server = _with_server(settings)
        early = Early(settings, logs_here=logs_here) if forks() else None
        return _prepare(settings, demonstration=demonstration) or _serve(
            settings, server, early, logs_here=logs_here
        )
    except (CannotRun, PostgresError) as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        if early is not None:
            early.stop()
        if server is not None:
            server.stop()


class Early:
    """The suite's process, begun while the databases are being prepared: it imports, and then waits to be told.

    A start spends a third of its time on either, and there are two cores at least.
    """

    def __init__(self, settings: Settings, *, logs_here: bool) -> None:
        self._prepared = settings.home / "prepared"
        self._prepared.unlink(missing_ok=True)
        command = [*together_command(settings.port, logs_here=logs_here), AFTER, str(self._prepared)]
        self.process = Guarded(command, environment=environment(settings), grace=SUITE_GRACE)

    def go_on(self) -> Guarded:
        self._prepared.touch()
        return self.process

    def stop(self) -> None:
        self.process.stop()
        self._prepared.unlink(missing_ok=True)


def web_command(port: int) -> list[str]:
    return [sys.executable, "-m", "deploy.web.preloaded", *web_options(port)]


def web_options(port: int) -> list[str]:
    """Without `--respawn-failed-workers` the server would end with its first dead worker."""
    options = ["--interface", "wsgi", "--http", "1", "--no-ws", "--host", "127.0.0.1", "--port", str(port)]
    options += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--respawn-failed-workers"]
    options += ["--workers-kill-timeout", "5", "--log-level", "warning"]
    return [*options, "deploy.web.wsgi:application"]


def backstage_command() -> list[str]:
    return [sys.executable, "-m", "deploy.backstage", "all"]


def together_command(port: int, *, logs_here: bool) -> list[str]:
    """Both, from one import of the suite."""
    here = ["--logs-here"] if logs_here else []
    return [sys.executable, "-m", "deploy.together", *here, *web_options(port)]


def forks() -> bool:
    """Not on macOS, and not where Python has given up forking."""
    return sys.platform == "linux" and multiprocessing.get_start_method() == "fork"


def environment(settings: Settings) -> dict[str, str]:
    """What the children are told; the owner's account is not for them."""
    told = {"VISOR_DATABASE_URL": str(settings.database_url), "VISOR_HOME": str(settings.home)}
    return {name: value for name, value in os.environ.items() if name != OWNER} | told


def _with_server(settings: Settings) -> tuple[Settings, Postgres | None]:
    """Starts the embedded PostgreSQL, unless another one is named; says which is in use."""
    if not is_free(settings.port):
        raise CannotRun(f"Port {settings.port} is taken: set VISOR_PORT, or end what listens there.")
    broker = (
        f"RabbitMQ at {place(settings.amqp_url)}"
        if settings.transport == "rabbitmq"
        else "none, local transport"
    )
    settings.home.mkdir(mode=0o711, parents=True, exist_ok=True)
    if settings.database_url:
        print(f"PostgreSQL: {place(settings.database_url)}.  Broker: {broker}.", flush=True)
        return settings, None
    server = embedded(settings)
    if server.attach():
        raise CannotRun(f"The suite already runs from {settings.home}.")
    print(f"PostgreSQL: embedded, data in {server.folder}.  Broker: {broker}.", flush=True)
    server.start()
    return with_address(settings, server), server


def _prepare(settings: Settings, *, demonstration: bool) -> int:
    options = [] if demonstration else ["--no-demonstration"]
    command = [sys.executable, "-m", "deploy.prepare", *options]
    owner = {OWNER: settings.owner_url} if settings.owner_url else {}
    return subprocess.run(command, env=environment(settings) | owner, check=False).returncode


def _serve(settings: Settings, server: Postgres | None, early: Early | None, *, logs_here: bool) -> int:
    os.environ.pop(OWNER, None)
    os.environ.update(environment(settings))
    charges = [] if server is None else [Charge("PostgreSQL", _again(server), server.process)]
    charges += _forked(settings, early, logs_here) if early else _each_by_itself(settings, logs_here)
    return Supervisor(charges).run(Announcer(settings))


def _forked(settings: Settings, early: Early, logs_here: bool) -> list[Charge]:
    command = together_command(settings.port, logs_here=logs_here)
    return [
        Charge("the suite", partial(Guarded, command, grace=SUITE_GRACE), early.go_on(), time.monotonic())
    ]


def _each_by_itself(settings: Settings, logs_here: bool) -> list[Charge]:
    begin = _begin if logs_here else partial(_begin_with_log, settings)
    return [
        Charge("web", partial(begin, "web", web_command(settings.port))),
        Charge("backstage", partial(begin, "backstage", backstage_command())),
    ]


def _again(server: Postgres) -> Callable[[], Guarded]:
    def start() -> Guarded:
        server.start()
        return server.process

    return start


def _begin(_name: str, command: list[str]) -> Guarded:
    return Guarded(command, grace=GRACE_SECONDS)


def _begin_with_log(settings: Settings, name: str, command: list[str]) -> Guarded:
    folder = settings.home / "log"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / f"{name}.log").open("ab") as log:
        return Guarded(command, grace=GRACE_SECONDS, output=log)
