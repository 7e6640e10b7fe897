"""A sender and a receiver that are nobody's business, so that these tests show the spine alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields
from sqlalchemy import Column, Engine, Identity, Integer, Table, Text, Uuid, insert, select, text
from sqlalchemy.orm import Session

from deploy.rabbitmq import RabbitMQ
from shared.clock import SystemClock
from shared.database import Database, new_metadata
from shared.events.envelope import Copy, Event
from shared.events.registry import EventKind, register
from shared.ids import new_id
from shared.messaging import outbox
from shared.messaging.backstage import ROLES, Backstage, Pace
from shared.messaging.outbox import take_ring
from shared.messaging.participant import Handle, Order, Participant, Subscription, TaskKind
from shared.messaging.ring import Ring
from shared.messaging.tables import SPINE, tables

METADATA = new_metadata()
tables(METADATA)
# No unique key: what the handler does twice stands here twice.
HANDLED = Table(
    "handled",
    METADATA,
    Column("at", Integer, Identity(), primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("agency", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("n", Integer, nullable=False),
)
FAST = Pace(poll=0.3, tick=0.3, nudge_again=timedelta(seconds=2), lease=timedelta(seconds=2))


class Number(Schema):
    """The least that a fact can tell."""

    n = fields.Integer(required=True)


NOTED = register(EventKind("trial.log.noted", 1, Number))
URGENT = register(EventKind("trial.log.alarmed", 1, Number, urgent=True))
UNHEARD = register(EventKind("trial.log.unheard", 1, Number, needs_subscriber=False))
UNBOUND = register(EventKind("trial.log.unbound", 1, Number))


def note(session: Session, event: Event) -> None:
    row = {"event_id": event.id, "agency": event.agency, "type": event.type, "n": event.data["n"]}
    session.execute(insert(HANDLED), row)


def subscription(kind: EventKind, handle: Handle = note, order: Order = Order.ANY) -> Subscription:
    return Subscription(kind, f"trial.{kind.name}", handle, order)


@dataclass
class Side:
    """One service with its own database."""

    participant: Participant
    ring: Ring

    @property
    def engine(self) -> Engine:
        return self.participant.engine

    def rows(self, statement: str, **values: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(statement), values).all())

    def value(self, statement: str, **values: Any) -> Any:
        return self.rows(statement, **values)[0][0]

    def handled(self) -> list[int]:
        with self.engine.connect() as connection:
            return list(connection.scalars(select(HANDLED.c.n).order_by(HANDLED.c.at)))

    @contextmanager
    def work(self) -> Iterator[Session]:
        """Commits, then rings, as a unit of work does."""
        with self.participant.session() as session:
            yield session
            session.commit()
        if take_ring(session):
            self.ring.ring()


@dataclass
class Spine:
    """Sender and receiver, and whatever backstage processes a test has started for them."""

    sender: Side
    receiver: Side
    amqp: str | None
    started: list[Backstage] = field(default_factory=list)

    def start(self, *sides: Side, roles: Iterable[str] = ROLES, pace: Pace = FAST) -> Backstage:
        both = [self.sender.participant, self.receiver.participant]
        chosen = [side.participant for side in sides] or both
        backstage = Backstage(chosen, self.amqp, roles=roles, neighbours=both, pace=pace)
        self.started.append(backstage)
        backstage.start()
        return backstage

    def stop(self) -> None:
        for backstage in self.started:
            backstage.stop()
        for side in (self.sender, self.receiver):
            side.ring.stop()
            side.engine.dispose()

    def tell(
        self, *numbers: int, kind: EventKind = NOTED, agencies: Sequence[str] = ("nca",), **more: Any
    ) -> None:
        """One transaction for all."""
        with self.sender.work() as session:
            for n in numbers:
                write(session, kind, n, agencies, **more)


def write(session: Session, kind: EventKind, n: int, agencies: Sequence[str] = ("nca",), **more: Any) -> UUID:
    event = Event.of(
        kind, {"n": n}, id=more.pop("id", None) or new_id(), occurred_at=SystemClock().now(), **more
    )
    outbox.write(session, SPINE, event, [Copy(agency) for agency in agencies])
    return event.id


def side(name: str, url: str, **parts: Any) -> Side:
    participant = Participant(name, Database(url).engine, **parts)
    METADATA.create_all(participant.engine)
    return Side(participant, Ring(participant.conninfo))


def listening(side_: Side, *subscriptions: Subscription, agencies: tuple[str, ...] = ()) -> Side:
    """The same service with other handlers."""
    return Side(replace(side_.participant, subscriptions=subscriptions, agencies=agencies), side_.ring)


def working(side_: Side, *kinds: TaskKind) -> Side:
    tasks: Mapping[str, TaskKind] = {kind.name: kind for kind in kinds}
    return Side(replace(side_.participant, tasks=tasks), side_.ring)


def eventually(true: Callable[[], object], seconds: float = 20.0) -> None:
    """Fails with what it last saw."""
    deadline = time.monotonic() + seconds
    while True:
        seen = true()
        if seen:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {seen!r}")
        time.sleep(0.02)


def hurry(side_: Side) -> bool:
    """Does not wait for the pause before the next try of what was set aside."""
    with side_.engine.begin() as connection:
        connection.execute(text("UPDATE inbox_retry SET due_at = now() WHERE body IS NOT NULL"))
    return True


def hurry_outbox(side_: Side) -> bool:
    with side_.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET next_attempt_at = now() WHERE published_at IS NULL"))
    return True


def unpublished(side_: Side) -> int:
    count: int = side_.value("SELECT count(*) FROM outbox WHERE published_at IS NULL")
    return count


def kill(broker: RabbitMQ) -> None:
    """Not within its queues' first second: RabbitMQ 3.10 writes a new quorum queue's name down half a second
    late, and a queue without one is never served again (docs/decisions/0021).
    """
    time.sleep(1.5)
    broker.kill()
