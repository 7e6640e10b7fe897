"""Two services that do nothing but leave a trace of whatever they were told, with no key that would hide a
second one.

`records` writes facts, tasks and what is due at some time; `notifications` handles the facts and does a task
for each.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shared.clock import SystemClock
from shared.database import Database, new_metadata
from shared.events.envelope import Copy, Event
from shared.events.registry import EventKind, register
from shared.ids import new_id
from shared.messaging import outbox, tasks
from shared.messaging.backstage import Pace
from shared.messaging.outbox import take_ring
from shared.messaging.participant import Participant, Subscription, TaskKind
from shared.messaging.ring import Ring
from shared.messaging.tables import SPINE, tables

PACE = Pace(poll=0.5, tick=0.4, nudge_again=timedelta(seconds=4), lease=timedelta(seconds=3))
AGENCIES = ("nca", "police-13", "prison-service")
METADATA = new_metadata()
tables(METADATA)


class Traced(Schema):
    """Nothing but a number."""

    n = fields.Integer(required=True)


NOTED = register(EventKind("records.trial.noted", 1, Traced))
ALARMED = register(EventKind("records.trial.alarmed", 1, Traced, urgent=True))
FAILING = register(EventKind("records.trial.failing", 1, Traced))


def trace(session: Session, what: str, id_: UUID | str, part: object = "") -> None:
    session.execute(
        text("INSERT INTO traced (what, id, part) VALUES (:what, :id, :part)"),
        {"what": what, "id": str(id_), "part": str(part)},
    )


def noted(session: Session, event: Event) -> None:
    """Its effect, and a task that follows from it, in one transaction."""
    trace(session, "event", event.id, event.agency)
    tasks.write(session, SPINE, "follow", {"id": str(event.id), "part": event.agency})


def fail_once(session: Session, event: Event) -> None:
    """The first try fails after having written: nothing of that may be left."""
    trace(session, "event", event.id, event.agency)
    session.flush()
    tried = session.scalar(
        text("SELECT attempts FROM inbox_retry WHERE message_id = :id"), {"id": event.message_id}
    )
    if not tried:
        raise RuntimeError("the first try always fails")


def follow(session: Session, payload: Mapping[str, Any]) -> None:
    trace(session, "follow", payload["id"], payload["part"])


def work(session: Session, payload: Mapping[str, Any]) -> None:
    trace(session, "task", payload["id"])


def item(session: Session, payload: Mapping[str, Any], one: Mapping[str, Any]) -> None:
    trace(session, "item", payload["id"], one["n"])


def remind(database: Database) -> None:
    """What a service does on each tick: claims what is due, and it is due once."""
    with database.session() as session:
        claim = "SELECT id FROM due WHERE at <= now() AND NOT fired LIMIT 50 FOR UPDATE SKIP LOCKED"
        for (id_,) in session.execute(text(claim)).all():
            trace(session, "due", id_)
            session.execute(text("UPDATE due SET fired = true WHERE id = :id"), {"id": id_})
        session.commit()


def participants(records_url: str, notifications_url: str) -> dict[str, Participant]:
    records, notifications = Database(records_url), Database(notifications_url)
    done = TaskKind("bulk", lambda _session, _payload: None, item, chunk=7)
    return {
        "records": Participant(
            "records",
            records.engine,
            tasks={"work": TaskKind("work", work), "bulk": done},
            ticks=[lambda: remind(records)],
        ),
        "notifications": Participant(
            "notifications",
            notifications.engine,
            subscriptions=[
                Subscription(NOTED, "trial.noted", noted),
                Subscription(ALARMED, "trial.alarmed", noted),
                Subscription(FAILING, "trial.failing", fail_once),
            ],
            tasks={"follow": TaskKind("follow", follow)},
        ),
    }


def write_for_ever(records: Participant, acknowledged: Path, pause: float) -> None:
    """Stands in for people at their pages. What a commit has acknowledged is noted in a file beside the
    database.
    """
    ring = Ring(records.conninfo)
    handle = os.open(acknowledged, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    while True:
        try:
            written = _write_one(records, ring)
        except SQLAlchemyError:
            time.sleep(0.2)
        else:
            os.write(handle, f"{written}\n".encode())
        time.sleep(pause)


def _write_one(records: Participant, ring: Ring) -> UUID:
    id_ = new_id()
    with records.session() as session:
        random.choices([_fact, _task, _bulk, _due, _unreadable], [66, 12, 6, 12, 4])[0](session, id_)
        session.commit()
    if take_ring(session):
        ring.ring()
    return id_


def expect(session: Session, what: str, id_: UUID, part: object = "") -> None:
    """The ledger: what this transaction promises, in plain SQL."""
    session.execute(
        text("INSERT INTO expected (what, id, part) VALUES (:what, :id, :part)"),
        {"what": what, "id": str(id_), "part": str(part)},
    )


def _fact(session: Session, id_: UUID) -> None:
    kind = random.choices([NOTED, ALARMED, FAILING], [75, 15, 10])[0]
    agencies = random.sample(AGENCIES, random.randint(1, 3))
    event = Event.of(kind, {"n": 1}, id=id_, occurred_at=SystemClock().now())
    outbox.write(session, SPINE, event, [Copy(agency) for agency in agencies])
    for agency in agencies:
        expect(session, "event", id_, agency)
        if kind is not FAILING:
            expect(session, "follow", id_, agency)


def _unreadable(session: Session, id_: UUID) -> None:
    """Its data do not fit the schema: it must end among the dead letters, once."""
    event = Event(id_, NOTED.name, NOTED.version, SystemClock().now(), {"m": 1})
    outbox.write(session, SPINE, event, [Copy("nca")])
    expect(session, "dead", event.copy_for(Copy("nca")).message_id)


def _task(session: Session, id_: UUID) -> None:
    due = session.execute(text("SELECT now() + random() * interval '2 s'")).scalar_one()
    tasks.write(session, SPINE, "work", {"id": str(id_)}, due_at=due)
    expect(session, "task", id_)


def _bulk(session: Session, id_: UUID) -> None:
    task_id = tasks.write(session, SPINE, "bulk", {"id": str(id_)})
    tasks.write_items(session, SPINE, task_id, [{"n": n} for n in range(20)])
    for n in range(20):
        expect(session, "item", id_, n)


def _due(session: Session, id_: UUID) -> None:
    statement = "INSERT INTO due (id, at) VALUES (:id, now() + random() * interval '2 s')"
    session.execute(text(statement), {"id": str(id_)})
    expect(session, "due", id_)
