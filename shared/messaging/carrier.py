"""What the relay gives its messages to: the broker, or the handlers themselves."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class Outcome(enum.Enum):
    """What became of one message. Only `TAKEN` counts as published; `UNKNOWN` says nothing about the
    message.
    """

    TAKEN = "taken"
    UNROUTABLE = "no queue is bound for it"
    REFUSED = "refused by the broker"
    UNKNOWN = "the broker went away"


@dataclass(frozen=True, slots=True)
class Message:
    """`needs_queue`: to be returned when no queue is bound for it."""

    message_id: UUID
    routing_key: str
    body: bytes
    needs_queue: bool = True


class Carrier(Protocol):
    """Used by one relay, from its own thread. `at_once`: how many messages it takes within a moment; what is urgent
    waits no longer than one such batch.
    """

    at_once: int

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def wait_ready(self, seconds: float) -> bool:
        """Whether it can take messages, at the latest after this time."""
        ...

    def publish(self, messages: Sequence[Message]) -> list[Outcome]:
        """Blocks until the fate of each is known; one outcome for each, in order."""
        ...

    def nudge(self, service: str, task_ids: Sequence[UUID]) -> list[Outcome]:
        """Tells whoever runs this service's tasks that these are due."""
        ...

    def idle(self) -> None:
        """Called every second or so: for what a carrier has to do besides."""
        ...
