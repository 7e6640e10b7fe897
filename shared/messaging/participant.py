"""A service as the spine sees it: its database, what it listens to, and the work it can do."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from shared.events.envelope import Event
from shared.events.registry import EventKind
from shared.messaging.tables import SPINE, SpineTables

Handle = Callable[[Session, Event], object]
F = TypeVar("F", bound=Callable[..., Any])
_ORDER = "visor_order"


class Order(enum.Enum):
    """What a handler wants of facts that arrive out of order."""

    ANY = "any"
    NEWER = "newer"
    NOT_OLDER = "not older"


class Later(Exception):
    """Raised by a handler that must first learn something else; the message is kept and tried again."""


class GiveUp(Exception):
    """Raised by a task whose next attempt would end the same way."""


def newer_only(handler: F) -> F:
    """The handler never sees a fact whose aggregate version is not above the last that it saw."""
    setattr(handler, _ORDER, Order.NEWER)
    return handler


def not_older(handler: F) -> F:
    """As `newer_only`, but several facts may share one version: a change that is told in chunks."""
    setattr(handler, _ORDER, Order.NOT_OLDER)
    return handler


def order_of(handler: Callable[..., Any]) -> Order:
    order: Order = getattr(handler, _ORDER, Order.ANY)
    return order


@dataclass(frozen=True)
class Subscription:
    """`name` is the handler's own, stable over releases: the versions it has seen are kept under it."""

    kind: EventKind
    name: str
    handle: Handle
    order: Order = Order.ANY


@dataclass(frozen=True)
class TaskKind:
    """`work` does the task and returns its result; with `item` set it is a bulk job, done item by item, and
    `work` then makes the result of the whole from nothing but its rows. With `step` it is a bulk job that
    keeps rows of its own: each step does a part, says whether there is more, and goes on where the last one
    ended. All run in a transaction that is committed for them.
    """

    name: str
    work: Callable[[Session, Mapping[str, Any]], Any]
    item: Callable[[Session, Mapping[str, Any], Mapping[str, Any]], Any] | None = None
    step: Callable[[Session, Mapping[str, Any]], bool] | None = None
    chunk: int = 50
    max_attempts: int = 5


@dataclass(frozen=True)
class Participant:
    """`agencies` are those whose copies this deployment takes; empty means all."""

    name: str
    engine: Engine
    subscriptions: Sequence[Subscription] = ()
    tasks: Mapping[str, TaskKind] = field(default_factory=dict)
    ticks: Sequence[Callable[[], object]] = ()
    agencies: tuple[str, ...] = ()
    tables: SpineTables = SPINE

    def session(self) -> Session:
        return Session(self.engine, expire_on_commit=False)

    @property
    def conninfo(self) -> str:
        """The address for psycopg itself: LISTEN, NOTIFY and the relay's claims need no ORM."""
        url = self.engine.url.set(drivername="postgresql")
        return url.render_as_string(hide_password=False)

    def subscribed(self, event: Event) -> tuple[Subscription, ...]:
        return self._by_kind.get((event.type, event.version), ())

    @cached_property
    def _by_kind(self) -> dict[tuple[str, int], tuple[Subscription, ...]]:
        """Looked up for each message that comes: found once."""
        kinds = dict.fromkeys((one.kind.name, one.kind.version) for one in self.subscriptions)
        return {
            kind: tuple(one for one in self.subscriptions if (one.kind.name, one.kind.version) == kind)
            for kind in kinds
        }

    def hears(self, fact: str) -> bool:
        """Of any major version."""
        return fact in self._names

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(one.kind.name for one in self.subscriptions)

    def takes(self, agency: str) -> bool:
        """The agency `all` stands for a fact that concerns whoever runs the suite."""
        return not self.agencies or agency == EVERY_AGENCY or agency in self.agencies


EVERY_AGENCY = "all"
