"""The transport of a trial on one machine: no broker, the relay hands each message to the handlers
themselves.

Everything else is as over RabbitMQ, in the same tables: a copy counts as taken when each subscriber's
database has it.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from shared.messaging.away import is_away
from shared.messaging.carrier import Message, Outcome
from shared.messaging.intake import Delivery, Intake
from shared.messaging.participant import Participant
from shared.messaging.task_runner import TaskRunner

log = structlog.get_logger(__name__)

RETRY_SECONDS = 1.0


@dataclass
class Subscriber:
    """A service on this machine, and its way in. All relays share one of each: `looked` is when one last looked after
    what it had set aside.
    """

    participant: Participant
    intake: Intake
    looked: float = 0.0

    def listens_to(self, routing_key: str) -> bool:
        fact, _, agency = routing_key.rpartition(".")
        return self.participant.hears(fact) and self.participant.takes(agency)

    def retry_due(self) -> None:
        """Once a second, whoever comes by."""
        if time.monotonic() - self.looked > RETRY_SECONDS:
            self.looked = time.monotonic()
            self.intake.retry_due()


class LocalTasks:
    """Runs task rows on threads of this process; told of a row that is done, it does nothing."""

    def __init__(self, runners: dict[str, TaskRunner], threads: int = 2) -> None:
        self._runners = runners
        self._waiting: queue.SimpleQueue[tuple[str, UUID]] = queue.SimpleQueue()
        self._threads = threads

    def put(self, service: str, task_id: UUID) -> None:
        self._waiting.put((service, task_id))

    def run(self, stop: threading.Event) -> None:
        threads = [
            threading.Thread(target=self._work, args=(stop,), name=f"tasks-{number}")
            for number in range(self._threads)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                service, task_id = self._waiting.get(timeout=0.5)
            except queue.Empty:
                continue
            try:
                self._runners[service].run(task_id)
            except Exception as error:  # noqa: BLE001 - the row is still there and is nudged again
                log.warning(
                    "task_interrupted", service=service, task=str(task_id), error=type(error).__name__
                )


class LocalCarrier:
    """The carrier without a broker."""

    # What a batch writes stays locked until it is committed, and here each service's relay is a writer of the others.
    at_once = 10

    def __init__(self, subscribers: Sequence[Subscriber], tasks: LocalTasks) -> None:
        self._subscribers = subscribers
        self._tasks = tasks

    def start(self) -> None:
        """Nothing to connect to."""

    def stop(self) -> None:
        """Nothing to disconnect from."""

    def wait_ready(self, _seconds: float) -> bool:
        return True

    def publish(self, messages: Sequence[Message]) -> list[Outcome]:
        """Some messages in one transaction of their subscriber; unknown for all whose subscriber's database is away."""
        wanted = [self._listeners(message) for message in messages]
        away = {name for name in self._names(wanted) if not self._deliver(name, messages, wanted)}
        return [self._outcome(message, names, away) for message, names in zip(messages, wanted, strict=True)]

    def nudge(self, service: str, task_ids: Sequence[UUID]) -> list[Outcome]:
        for task_id in task_ids:
            self._tasks.put(service, task_id)
        return [Outcome.TAKEN] * len(task_ids)

    def idle(self) -> None:
        """Messages that were set aside and are due: over RabbitMQ the consumers look after them."""
        for subscriber in self._subscribers:
            try:
                subscriber.retry_due()
            except Exception as error:
                if not is_away(error):
                    raise

    def _listeners(self, message: Message) -> list[str]:
        key = message.routing_key
        return [one.participant.name for one in self._subscribers if one.listens_to(key)]

    @staticmethod
    def _names(wanted: Iterable[list[str]]) -> set[str]:
        return {name for names in wanted for name in names}

    def _deliver(self, name: str, messages: Sequence[Message], wanted: Sequence[list[str]]) -> bool:
        intake = next(one.intake for one in self._subscribers if one.participant.name == name)
        own = [message for message, names in zip(messages, wanted, strict=True) if name in names]
        try:
            for start in range(0, len(own), self.at_once):
                intake.take([Delivery(message.body) for message in own[start : start + self.at_once]])
        except Exception as error:
            if is_away(error):
                return False
            raise
        return True

    @staticmethod
    def _outcome(message: Message, names: list[str], away: set[str]) -> Outcome:
        if not names and message.needs_queue:
            return Outcome.UNROUTABLE
        return Outcome.UNKNOWN if away.intersection(names) else Outcome.TAKEN
