"""A running service as the messaging spine sees it: its handlers, tasks and ticks, each given a unit of work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from shared import correlation
from shared.events.envelope import Event
from shared.messaging.participant import Participant, Subscription, TaskKind, order_of
from shared.runtime import Runtime
from shared.service import Handler, Task, Tick

# What is more waits for the next tick: one service's backlog must not keep the others waiting, nor the heartbeat.
MOST_BATCHES = 25


def participant(runtime: Runtime) -> Participant:
    """The service's part in the spine; what the spine commits, it commits with its inbox or task row."""
    service = runtime.service
    subscriptions = [
        Subscription(service.event_kinds[kind], _name(handler), _handled(runtime, handler), order_of(handler))
        for kind, handlers in service.handlers.items()
        for handler in handlers
    ]
    return Participant(
        name=service.name,
        engine=runtime.database.engine,
        subscriptions=subscriptions,
        tasks={name: _task(runtime, name, task) for name, task in service.tasks.items()},
        ticks=_Round(runtime).looks,
        agencies=runtime.settings.agencies,
        tables=service.tables.messaging,
    )


def _name(handler: Callable[..., Any]) -> str:
    """Stable over releases as long as the handler keeps its name and its capability."""
    capability = handler.__module__.split(".")[-2]
    return f"{capability}.{handler.__name__}"


def _handled(runtime: Runtime, handler: Handler) -> Callable[[Session, Event], object]:
    def handle(session: Session, event: Event) -> None:
        correlation.begin(event.correlation_id)
        handler(runtime.work_in(session, f"{event.type}.{handler.__name__}"), event)

    return handle


def _task(runtime: Runtime, name: str, task: Task) -> TaskKind:
    step = runtime.service.steps.get(name)
    return TaskKind(name, _worked(runtime, name, task), step=_worked(runtime, name, step) if step else None)


def _worked(runtime: Runtime, name: str, task: Task) -> Callable[[Session, Mapping[str, Any]], Any]:
    def work(session: Session, payload: Mapping[str, Any]) -> Any:
        correlation.begin()
        return task(runtime.work_in(session, name), payload)

    return work


class _Round:
    """What a service looks at with each tick, in its order. Where a day begins in its midst the rest waits for the next
    round, which begins with what ends somebody's access.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._policy = runtime.clocks.policy
        self._day = self._policy.today()
        self.looks = [self._begin, *(self._within(_ticked(runtime, tick)) for tick in runtime.service.ticks)]

    def _begin(self) -> None:
        self._day = self._policy.today()

    def _within(self, look: Callable[[], object]) -> Callable[[], object]:
        return lambda: look() if self._policy.today() == self._day else None


def _ticked(runtime: Runtime, tick: Tick) -> Callable[[], object]:
    def look() -> None:
        for _ in range(MOST_BATCHES):
            correlation.begin()
            with runtime.system_work(f"tick.{tick.__name__}") as work:
                more = tick(work)
            if more is not True:
                return

    return look
