"""Telling anew what somebody found to differ: from the records as they are, or from the log of what was told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import facts
from services.records.access.picture import standing_changed
from services.records.nominals.models import Nominal
from services.records.service import service
from shared.events.envelope import Aggregate, Event
from shared.events.notifications import FACTS_MISSED, STANDINGS_DIFFER
from shared.ids import new_id
from shared.messaging import outbox
from shared.work import About, Work

_outbox = service.tables.messaging.outbox
# A question names some hundreds at most; each answer is a fact or a picture of its own.
_AT_ONCE = 2_000


@service.on(STANDINGS_DIFFER)
def tell_standings_anew(work: Work, event: Event) -> None:
    """The whole picture under a new version, which is newer than whatever anybody knows."""
    asked = STANDINGS_DIFFER.load(event.data)["nominal_ids"]
    there = select(Nominal.id).where(Nominal.id.in_(asked)).order_by(Nominal.id).limit(_AT_ONCE)
    for nominal_id in work.session.execute(there.with_for_update()).scalars().all():
        standing_changed(work, facts(work, nominal_id))
        work.audit("reconciliation.tell_standings", About("nominal", nominal_id, nominal_id))


@service.on(FACTS_MISSED)
def tell_facts_anew(work: Work, event: Event) -> None:
    """What the log has of them, as it was told to whom, but as messages of their own.

    Under their old ids they would be passed over by whoever took them and lost what came of it. Whatever hears a fact
    twice does once what it asks for.
    """
    asked = FACTS_MISSED.load(event.data)
    for row in _logged(work, asked["kinds"], asked["field"], asked["subjects"]):
        again = Event(
            id=new_id(),
            type=row.kind,
            version=row.version,
            occurred_at=row.occurred_at,
            data=row.data,
            aggregate=Aggregate(row.aggregate["kind"], UUID(row.aggregate["id"]), row.aggregate["version"]),
            actor=row.actor,
            correlation_id=row.correlation_id,
        )
        outbox.write(work.session, service.tables.messaging, again, row.copies)
        work.audit("reconciliation.tell_fact", About("event", row.id, facts={"kind": row.kind}))


def _logged(work: Work, kinds: Sequence[str], field: str, subjects: Sequence[UUID]) -> Sequence[Any]:
    """The log knows kinds and times by index, not subjects: a question like this comes at night, and seldom."""
    named = _outbox.c.data[field].astext.in_([str(one) for one in subjects])
    found = select(_outbox).where(_outbox.c.kind.in_(kinds), named).order_by(_outbox.c.sequence)
    return work.session.execute(found.limit(_AT_ONCE)).all()
