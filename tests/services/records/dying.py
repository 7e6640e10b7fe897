"""Acts of the records service in processes of their own that die (`kill -9`) where they are told to.

One process imports the service; for each act it forks a child, which opens its own connections. An act is a line of
JSON; its answer is the child's exit code: 0, 1 where the act failed, -9 where it died.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import configure_mappers

from deploy.participants import participant
from services.records.service import service
from shared.access.principal import Principal, grants
from shared.clock import Clocks, FixedClock
from shared.database import Database
from shared.keys import open_keys
from shared.messaging import crash_points
from shared.messaging.task_runner import TaskRunner
from shared.runtime import Runtime
from shared.settings import Settings
from shared.time.policy_clock import DatabaseOffset
from tests.servers.records import World, principal


@dataclass
class Dying:
    """Where acts die; `process` forks them."""

    process: subprocess.Popen[str]

    @classmethod
    def begin(cls) -> Dying:
        command = [sys.executable, "-m", __name__]
        return cls(subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE))

    def end(self) -> None:
        self.process.communicate()

    def run(self, world: World, point: str, name: str, who: Principal, /, **given: Any) -> int:
        """A command, or a query that notes something, as `World.run` and `World.ask`."""
        held = {"unit": who.unit, "person_id": who.person_id, "name": who.name}
        held["tokens"] = [f"{one.name}:{one.unit}" for one in who.tokens]
        held["roles"] = [f"{one.name}:{one.unit}" for one in who.roles]
        held |= {"session_id": who.session_id, "deputy_for": sorted(who.deputy_for)}
        return self._do(world, point, {"name": name, "who": held, "given": given})

    def tick(self, world: World, point: str, name: str) -> int:
        """What is looked at by itself, by the name of `ticks`; as by a process that was just started."""
        return self._do(world, point, {"tick": name})

    def work_off(self, world: World, point: str, task_id: UUID) -> int:
        return self._do(world, point, {"task_id": task_id})

    def _do(self, world: World, point: str, act: Mapping[str, Any]) -> int:
        runtime = world.runtime
        engines = (world.engine, runtime.keys._engine)
        urls = [one.url.render_as_string(hide_password=False) for one in engines]
        where = {"urls": urls, "home": str(runtime.settings.home), "at": world.policy.at.isoformat()}
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({**where, "point": point, **act}, default=str) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


def main() -> None:
    configure_mappers()  # once, before they part: it is most of what an act would cost
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(_outcome(json.loads(line)))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _outcome(act: Mapping[str, Any]) -> int:
    try:
        _act(**act)
    except BaseException:  # noqa: BLE001 - said on stderr; the parent's stack is not this child's
        traceback.print_exc()
        return 1
    return 0


def _act(
    urls: list[str],
    home: str,
    at: str,
    point: str,
    task_id: str | None = None,
    tick: str | None = None,
    name: str = "",
    who: Mapping[str, Any] | None = None,
    given: Mapping[str, Any] | None = None,
) -> None:
    crash_points._armed, _, count = point.partition(":")
    crash_points._left = int(count or 1)
    world = _world(urls, home, datetime.fromisoformat(at))
    if task_id is not None:
        TaskRunner(participant(world.runtime)).run(UUID(task_id))
        return
    if tick is not None:
        with world.runtime.system_work(f"tick.{tick}") as work:
            ticks()[tick](work)
        _committed()
        return
    assert who is not None
    plain = {key: UUID(one) if key.endswith("_id") else one for key, one in (given or {}).items()}
    person = principal(
        who["unit"],
        *who["tokens"],
        person_id=UUID(who["person_id"]),
        name=who["name"],
        deputy_for=tuple(who["deputy_for"]),
    )
    roles = grants(one.split(":") for one in who["roles"])
    done(world, name, replace(person, roles=roles, session_id=UUID(who["session_id"])), **plain)
    _committed()  # where nothing was told the relay is not rung


def done(world: World, name: str, who: Principal, /, **given: Any) -> Any:
    does = world.run if name in service.declarations.commands else world.ask
    return does(name, who, **given)


def ticks() -> dict[str, Callable[[Any], object]]:
    """What the service's own capabilities look at with each tick, by capability and name."""
    own = [one for one in service.ticks if _module(one).startswith("services.")]
    return {f"{_module(one).split('.')[-2]}.{one.__name__}": one for one in own}


def _module(tick: Callable[[Any], object]) -> str:
    return tick.__module__ if hasattr(tick, "__code__") else type(tick).__module__


def _world(urls: list[str], home: str, at: datetime) -> World:
    settings = Settings.from_environment({"VISOR_HOME": home})
    database = Database(urls[0])
    keys = open_keys(Database(urls[1]).engine, settings.keys_home, "records")
    offset = DatabaseOffset(database.reading, service.tables.policy_clock)
    policy, system = FixedClock(at), FixedClock(at)
    runtime = Runtime(service, settings, database, Clocks(policy, system), offset, keys, ring=_committed)
    return World(runtime, policy, system)


def _committed() -> None:
    crash_points.crash_point("writer.committed")


if __name__ == "__main__":
    main()
