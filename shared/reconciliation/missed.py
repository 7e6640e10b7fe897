"""Telling anew, from the log of what was told, the facts that seem never to have arrived somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select

from shared.events.envelope import Aggregate, Event
from shared.events.notifications import FACTS_MISSED
from shared.ids import new_id
from shared.messaging import outbox
from shared.service import Service
from shared.work import About, Work

# A question names some hundreds at most.
_AT_ONCE = 2_000


def tells_missed_facts(service: Service) -> None:
    """The service answers for its own kinds of facts.

    As they were told to whom, but as messages of their own: under their old ids they would be passed over by whoever
    took them and lost what came of it. Whatever hears a fact twice does once what it asks for.
    """

    @service.on(FACTS_MISSED)
    def tell_facts_anew(work: Work, event: Event) -> None:
        asked = FACTS_MISSED.load(event.data)
        kinds = [one for one in asked["kinds"] if one.startswith(f"{service.name}.")]
        if not kinds:
            return
        messaging = service.tables.messaging
        for row in _logged(work, messaging.outbox, kinds, asked["field"], asked["subjects"]):
            again = Event(
                id=new_id(),
                type=row.kind,
                version=row.version,
                occurred_at=row.occurred_at,
                data=row.data,
                aggregate=Aggregate(
                    row.aggregate["kind"], UUID(row.aggregate["id"]), row.aggregate["version"]
                ),
                actor=row.actor,
                correlation_id=row.correlation_id,
            )
            outbox.write(work.session, messaging, again, row.copies)
            work.audit("reconciliation.tell_fact", About("event", row.id, facts={"kind": row.kind}))


def _logged(
    work: Work, log: Table, kinds: Sequence[str], field: str, subjects: Sequence[UUID]
) -> Sequence[Any]:
    """The log knows kinds and times by index, not subjects: a question like this comes at night, and seldom."""
    named = log.c.data[field].astext.in_([str(one) for one in subjects])
    found = select(log).where(log.c.kind.in_(kinds), named).order_by(log.c.sequence)
    return work.session.execute(found.limit(_AT_ONCE)).all()
