"""An office to test in: the service, a policy clock that can be moved, and people in the directory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, delete, select

from services.notifications.deadlines.jobs import take_due_steps
from services.notifications.deadlines.models import Clock, Rung
from services.notifications.delivery.vacancies import close_filled
from services.notifications.todo.models import TodoItem
from shared.access.principal import Principal, grants
from shared.clock import FixedClock
from shared.directory.tables import DIRECTORY
from shared.events.envelope import Aggregate, Duty, Event
from shared.events.registry import EventKind
from shared.ids import new_id
from shared.runtime import Runtime

# A Monday morning.
START = datetime(2026, 3, 9, 9, tzinfo=UTC)

UNITS = [
    ("region-N55", "Yorkshire and the Humber", "region", None, "probation-service", "ENG"),
    ("area-53", "West Yorkshire", "mappa_area", "region-N55", "probation-service", "ENG"),
    ("pdu-N55LEE", "Leeds", "delivery_unit", "area-53", "probation-service", "ENG"),
    ("group-YRK", "Yorkshire prisons", "prison_group", None, "prison-service", "ENG"),
    ("prison-LEI", "Leeds (HMP)", "prison", "group-YRK", "prison-service", "ENG"),
    ("force-13", "West Yorkshire Police", "force", None, "police-13", "ENG"),
]


@dataclass
class Office:
    """Delivers facts as the consumer does, ticks as the tick does, and looks at what came of it."""

    runtime: Runtime
    clock: FixedClock
    flask_engine: Engine = field(init=False, repr=False)
    _people: dict[str, UUID] = field(default_factory=dict)

    # ---- the directory ----

    def add_units(self) -> None:
        names = ("code", "name", "kind", "parent", "agency", "jurisdiction")
        with self.runtime.system_work("test.units") as work:
            rows = [{**dict(zip(names, row, strict=True)), "version": 1} for row in UNITS]
            work.session.execute(DIRECTORY.unit.insert(), rows)

    def person(
        self, name: str, *held: tuple[str, str], unit: str = "pdu-N55LEE", active: bool = True
    ) -> UUID:
        """Somebody who holds these tokens or roles, each as (name, unit)."""
        made = new_id()
        agency = next(row[4] for row in UNITS if row[0] == unit)
        card = {"name": name, "job_title": "", "email": "", "telephone": "", "agency": agency, "unit": unit}
        with self.runtime.system_work("test.person") as work:
            work.session.execute(DIRECTORY.person.insert().values(id=made, active=active, version=1, **card))
            for token, where in held:
                row = {"person_id": made, "name": token, "unit": where, "kind": "role"}
                work.session.execute(DIRECTORY.grant.insert().values(row))
        self._people[name] = made
        return made

    def suspend(self, person_id: UUID) -> None:
        person = DIRECTORY.person
        with self.runtime.system_work("test.suspend") as work:
            work.session.execute(person.update().where(person.c.id == person_id).values(active=False))

    def resign(self, person_id: UUID, role: str) -> None:
        grant = DIRECTORY.grant
        with self.runtime.system_work("test.resign") as work:
            work.session.execute(delete(grant).where(grant.c.person_id == person_id, grant.c.name == role))

    def principal(
        self, person_id: UUID, *tokens: tuple[str, str], unit: str = "pdu-N55LEE", **more: Any
    ) -> Principal:
        return Principal(
            person_id=person_id,
            issuer="visor",
            session_id=new_id(),
            auth_time=self.runtime.clocks.system.now(),
            agency="probation-service",
            agency_kind="probation",
            unit=unit,
            tokens=grants(tokens),
            name="Sam Example",
            **more,
        )

    # ---- time and facts ----

    def at(self, day: date, hour: int = 9) -> None:
        self.clock.at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)

    def later(self, **by: int) -> None:
        self.clock.at += timedelta(**by)

    def deliver(
        self,
        kind: EventKind,
        data: Mapping[str, Any],
        to: Iterable[tuple[UUID | None, str, str | None]] = (),
        **more: Any,
    ) -> Event:
        """One copy of a fact, handled in one transaction; `to` holds (person, capacity, unit)."""
        event = self.fact(kind, data, to, **more)
        self.redeliver(event)
        return event

    def fact(
        self,
        kind: EventKind,
        data: Mapping[str, Any],
        to: Iterable[tuple[UUID | None, str, str | None]] = (),
        **more: Any,
    ) -> Event:
        return Event(
            id=more.get("id") or new_id(),
            type=kind.name,
            version=kind.version,
            occurred_at=more.get("at") or self.clock.now(),
            data=kind.dump(data),
            aggregate=more.get("aggregate") or Aggregate("nominal", new_id(), 1),
            actor=more.get("actor"),
            correlation_id=None,
            agency=more.get("agency", "probation-service"),
            people=tuple(Duty(*one) for one in to),
            detail=more.get("detail", "full"),
        )

    def redeliver(self, *events: Event) -> None:
        """A batch of facts, handled in one transaction."""
        with self.runtime.system_work("handle") as work:
            for event in events:
                for handler in self.runtime.service.handlers[event.type]:
                    handler(work, event)

    def tick(self) -> None:
        more = True
        while more:
            with self.runtime.system_work("tick") as work:
                more = take_due_steps(work)
        with self.runtime.system_work("tick") as work:
            close_filled(work)

    # ---- what came of it ----

    def items(
        self, person_id: UUID, *, kind: str | None = None, state: str | None = "open"
    ) -> list[TodoItem]:
        wanted = (
            select(TodoItem).where(TodoItem.person_id == person_id).order_by(TodoItem.raised_at, TodoItem.id)
        )
        if kind:
            wanted = wanted.where(TodoItem.kind == kind)
        if state:
            wanted = wanted.where(TodoItem.state == state)
        with self.runtime.database.session() as session:
            return list(session.execute(wanted).scalars())

    def clock_of(self, code: str, subject_id: UUID) -> Clock:
        found = select(Clock).where(Clock.code == code, Clock.subject_id == subject_id)
        with self.runtime.database.session() as session:
            return session.execute(found).scalar_one()

    def rungs(self, clock: Clock) -> list[Rung]:
        found = select(Rung).where(Rung.deadline_id == clock.id).order_by(Rung.number)
        with self.runtime.database.session() as session:
            return list(session.execute(found).scalars())

    def audited(self, action: str) -> list[Any]:
        table = self.runtime.service.tables.audit.entry
        with self.runtime.database.engine.connect() as connection:
            return list(connection.execute(select(table).where(table.c.action == action)))

    def told(self, kind: str) -> list[dict[str, Any]]:
        """The data of every fact of this kind in the outbox."""
        outbox = self.runtime.service.tables.messaging.outbox
        with self.runtime.database.engine.connect() as connection:
            rows = connection.execute(
                select(outbox.c.data).where(outbox.c.kind == kind).order_by(outbox.c.sequence)
            )
            return list(rows.scalars())
