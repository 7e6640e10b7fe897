"""Dramatiq brings the ids of task rows; all that counts is in the rows.

Its own retries are off: a retry that it fails to hand over is swallowed and the message acknowledged. Its
delays are never used: they are held in memory against the broker's timeout. A nudge that gets lost is sent
again by the tick.
"""

from __future__ import annotations

import threading
from uuid import UUID

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.middleware import Retries, ShutdownNotifications

from shared.messaging import dramatiq_log
from shared.messaging.addresses import parameters
from shared.messaging.publisher import task_actor, task_queue
from shared.messaging.task_runner import TaskRunner

THREADS = 2


def broker(url: str) -> RabbitmqBroker:
    """No Dramatiq default is global here: each service has its own broker, with its own account."""
    made = RabbitmqBroker(
        confirm_delivery=True,
        middleware=[Retries(max_retries=0), ShutdownNotifications(notify_shutdown=False)],
    )
    made.parameters = parameters(url)
    return made


class TaskWorkers:
    """Runs one service's tasks from the broker. `run` returns when told to stop, tasks in hand finished."""

    def __init__(self, url: str, service: str, runner: TaskRunner, *, threads: int = THREADS) -> None:
        self._broker = broker(url)
        self._threads = threads
        dramatiq.Actor(
            lambda task_id: runner.run(UUID(task_id)),
            broker=self._broker,
            actor_name=task_actor(service),
            queue_name=task_queue(service),
            priority=0,
            options={"max_retries": 0},
        )

    def run(self, stop: threading.Event) -> None:
        dramatiq_log.configure()
        worker = dramatiq.Worker(self._broker, worker_threads=self._threads, worker_timeout=200)
        worker.start()
        try:
            stop.wait()
        finally:
            worker.stop()
            self._broker.close()
