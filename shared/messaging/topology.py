"""What stands in the broker: one exchange, and for each subscriber an urgent and a normal queue.

A message that a consumer's death has returned a thousand times goes to the subscriber's `undeliverable`
queue instead of nowhere; the consumer empties that into the dead letters. It is a last resort: attempts are
counted in the database, since a low limit sends hundreds of healthy messages away after a few crashes.
Neither an alternate exchange nor CC is used: with the first `mandatory` returns nothing, with the second an
agency that nobody bound is confirmed in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from shared.environment import named
from shared.messaging.participant import EVERY_AGENCY, Participant, Subscription

DELIVERY_LIMIT = 1000
Lane = Literal["urgent", "normal"]
LANES: tuple[Lane, ...] = ("urgent", "normal")


@dataclass(frozen=True)
class QueueSpec:
    """Declared by its own subscriber only, so that each account needs rights on its own names alone."""

    name: str
    arguments: dict[str, Any]
    bindings: tuple[str, ...]


def exchange() -> str:
    return named("visor.events")


def queue_name(subscriber: str, lane: str) -> str:
    """Begins with its subscriber's name, which is what its account may touch."""
    return named(f"{subscriber}.{lane}")


def undeliverable(subscriber: str) -> QueueSpec:
    return QueueSpec(queue_name(subscriber, "undeliverable"), {"x-queue-type": "quorum"}, ())


def queue(participant: Participant, lane: Lane) -> QueueSpec:
    """RabbitMQ 4 has a delivery limit of 20 unless told otherwise, hence the explicit one."""
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": undeliverable(participant.name).name,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    wanted = [one for one in participant.subscriptions if one.kind.urgent == (lane == "urgent")]
    return QueueSpec(queue_name(participant.name, lane), arguments, tuple(_bindings(wanted, participant)))


def _bindings(subscriptions: Iterable[Subscription], participant: Participant) -> Iterator[str]:
    agencies = (*participant.agencies, EVERY_AGENCY) if participant.agencies else ("*",)
    for name in sorted({one.kind.name for one in subscriptions}):
        for agency in agencies:
            yield f"{name}.{agency}"
