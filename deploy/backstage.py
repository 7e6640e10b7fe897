"""The process behind the pages: relays, consumers, tick and task workers of one service or of all.

`python -m deploy.backstage` runs every role of every service as threads; `python -m deploy.backstage relay records`
runs one role of one service, for deployments in which each role is its own process.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from functools import partial
from types import FrameType

import httpx
import psycopg

from deploy import assembly
from deploy.participants import participant
from deploy.process_health import ProcessHealth
from deploy.sealing import Sealing, sealer
from deploy.what_stays import what_stays
from shared import log
from shared.database import ROLE, Database
from shared.directory.client import DirectoryClient
from shared.messaging.backstage import ROLES, TICK, Backstage
from shared.runtime import Runtime
from shared.settings import SERVICES, Settings


def opened(settings: Settings, names: Sequence[str]) -> dict[str, Runtime]:
    """The services' runtimes; records and notifications ask identity for the directory over HTTP."""
    runtimes = assembly.open_runtimes(settings, names)
    identity = httpx.Client(base_url=assembly.identity_url(settings), timeout=10)
    for name, runtime in runtimes.items():
        credential = partial(assembly.system_credential, settings, name)
        runtime.extras["directory"] = DirectoryClient(identity, credential)
    return runtimes


def backstage(settings: Settings, roles: Sequence[str] = ROLES, names: Sequence[str] = SERVICES) -> Backstage:
    """Ready to be started. With the local transport a relay delivers to all services, so it must know them all."""
    everybody = opened(settings, SERVICES if settings.transport == "local" else names)
    neighbours = [participant(runtime) for runtime in everybody.values()]
    own = [one for one in neighbours if one.name in names]
    amqp = settings.amqp_url if settings.transport == "rabbitmq" else None
    return Backstage(own, amqp, roles=roles, neighbours=neighbours)


def sealing_of(settings: Settings, names: Sequence[str]) -> Sealing:
    """Each service's audit, sealed by whoever has the tick."""
    return Sealing(
        (name, sealer(settings, Database(settings.database(name), pool_size=1, role=ROLE), name))
        for name in names
    )


def health_of(settings: Settings, behind: Backstage, names: Sequence[str]) -> ProcessHealth | None:
    """Where VISOR_HEALTH_PORT is set; on one machine `visor health` and the health page say more."""
    port = os.environ.get("VISOR_HEALTH_PORT")
    if port is None:
        return None
    urls = [settings.database(name) for name in names]
    health = ProcessHealth(int(port), lambda: behind.alive, lambda: all(map(answers, urls)))
    health.start()
    return health


def answers(url: str) -> bool:
    """Whether this database can be reached, over a connection of its own."""
    try:
        with psycopg.connect(url.replace("+psycopg", ""), connect_timeout=2) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True


def main(arguments: Sequence[str] | None = None) -> None:
    """Run until SIGTERM or SIGINT; what is in hand is finished first."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    log.configure()
    roles = [given[0]] if given and given[0] != "all" else list(ROLES)
    names = given[1:] or list(SERVICES)
    settings = Settings.from_environment()
    with what_stays():
        behind = backstage(settings, roles, names)
    sealing = sealing_of(settings, names if TICK in roles else ())
    done = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        done.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    behind.start()
    sealing.start()
    health = health_of(settings, behind, names)
    done.wait()
    if health is not None:
        health.stop()
    behind.stop()
    sealing.stop()


if __name__ == "__main__":
    main()
