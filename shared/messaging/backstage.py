"""The roles behind the pages: relay, consumers, tick and task workers, as threads of one process or each in
its own.

Every role can run any number of times at once: relays stand by for each other, the others share the work.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol

import structlog

from shared.messaging import tick as tick_module
from shared.messaging.addresses import amqp_url
from shared.messaging.carrier import Carrier
from shared.messaging.consumer import Consumer
from shared.messaging.intake import Intake
from shared.messaging.local import LocalCarrier, LocalTasks, Subscriber
from shared.messaging.participant import Participant
from shared.messaging.publisher import Publisher
from shared.messaging.relay import POLL_SECONDS, Relay
from shared.messaging.ring import Ring
from shared.messaging.task_runner import LEASE, TaskRunner
from shared.messaging.task_workers import TaskWorkers
from shared.messaging.tick import Tick
from shared.messaging.topology import LANES

log = structlog.get_logger(__name__)

RELAY, CONSUMER, TICK, TASKS = "relay", "consumer", "tick", "tasks"
ROLES = (RELAY, CONSUMER, TICK, TASKS)
STOP_SECONDS = 15.0
AGAIN_SECONDS = 1.0


class Role(Protocol):
    """Something that runs until it is told to stop."""

    def run(self, stop: threading.Event) -> None: ...


@dataclass(frozen=True)
class Pace:
    """How long things may take to be noticed; tests are less patient."""

    poll: float = POLL_SECONDS
    tick: float = tick_module.SECONDS
    nudge_again: timedelta = tick_module.NUDGE_AGAIN
    lease: timedelta = LEASE


class Backstage:
    """`amqp` is the broker's address, None for the local transport; then `neighbours` are the services that
    the relays deliver to (default: the participants), and the relays' process also runs the tasks.
    """

    def __init__(
        self,
        participants: Sequence[Participant],
        amqp: str | None,
        *,
        roles: Iterable[str] = ROLES,
        neighbours: Sequence[Participant] | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._participants = participants
        self._amqp = amqp
        self._roles = frozenset(roles)
        if unknown := self._roles - set(ROLES):
            raise ValueError(f"no such role: {', '.join(sorted(unknown))}; there are {', '.join(ROLES)}")
        self._pace = pace or Pace()
        near = list(neighbours if neighbours is not None else participants)
        self._rings = {one.name: Ring(one.conninfo) for one in [*participants, *near]}
        self._runners = {one.name: self._runner(one) for one in participants}
        self._local_tasks = LocalTasks(self._runners)
        self._local = [Subscriber(one, self._intake(one)) for one in near]
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def transport(self) -> str:
        return "rabbitmq" if self._amqp else "local"

    def start(self) -> None:
        # Each failed attempt to reconnect is several tracebacks of pika's; ours says it in a line.
        logging.getLogger("pika").setLevel(logging.CRITICAL)
        log.info("backstage_started", transport=self.transport, roles=sorted(self._roles))
        for name, make in self._made():
            thread = threading.Thread(target=self._keep_running, args=(name, make), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """What is in hand is finished; what cannot be finished in time is done by whoever comes next."""
        self._stop.set()
        for thread in self._threads:
            thread.join(STOP_SECONDS)
        for ring in self._rings.values():
            ring.stop()

    def run(self) -> None:
        """Starts, and waits for `stop` from another thread or a signal's handler."""
        self.start()
        self._stop.wait()

    @property
    def alive(self) -> bool:
        return bool(self._threads) and all(thread.is_alive() for thread in self._threads)

    def _keep_running(self, name: str, make: Callable[[], Role]) -> None:
        """A role that trips over something unforeseen is made anew; the database remembers where it was."""
        while not self._stop.is_set():
            try:
                make().run(self._stop)
            except Exception:
                log.exception("role_failed", role=name)
                self._stop.wait(AGAIN_SECONDS)

    def _made(self) -> Iterator[tuple[str, Callable[[], Role]]]:
        for one in self._participants:
            if RELAY in self._roles:
                yield f"relay {one.name}", partial(self._relay, one)
            if self._amqp and CONSUMER in self._roles:
                yield from self._consumers(one, self._amqp)
            if self._amqp and TASKS in self._roles:
                url = amqp_url(self._amqp, one.name)
                yield f"tasks {one.name}", partial(TaskWorkers, url, one.name, self._runners[one.name])
        if not self._amqp and RELAY in self._roles:
            yield "tasks", lambda: self._local_tasks
        if TICK in self._roles:
            yield "tick", self._tick

    def _consumers(self, one: Participant, amqp: str) -> Iterator[tuple[str, Callable[[], Role]]]:
        url = amqp_url(amqp, one.name)
        for lane in LANES:
            yield f"{lane} {one.name}", partial(Consumer, url, one, lane, self._intake(one))

    def _relay(self, one: Participant) -> Role:
        carrier: Carrier = LocalCarrier(self._local, self._local_tasks)
        if self._amqp:
            carrier = Publisher(amqp_url(self._amqp, one.name), one.name)
        return Relay(one, carrier, poll=self._pace.poll)

    def _tick(self) -> Role:
        rings: dict[str, Callable[[], None]] = {name: ring.ring for name, ring in self._rings.items()}
        pace = self._pace
        return Tick(self._participants, rings, seconds=pace.tick, nudge_again=pace.nudge_again)

    def _intake(self, one: Participant) -> Intake:
        return Intake(one, self._rings[one.name].ring)

    def _runner(self, one: Participant) -> TaskRunner:
        return TaskRunner(one, self._rings[one.name].ring, lease=self._pace.lease)
