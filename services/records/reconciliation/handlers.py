"""Telling anew what somebody found to differ: from the records as they are, or from the log of what was told."""

from __future__ import annotations

from sqlalchemy import select

from services.records.access.authorise import facts
from services.records.access.picture import standing_changed
from services.records.nominals.models import Nominal
from services.records.service import service
from shared.events.envelope import Event
from shared.events.notifications import STANDINGS_DIFFER
from shared.reconciliation.missed import tells_missed_facts
from shared.work import About, Work

# A question names some hundreds at most; each answer is a picture of its own.
_AT_ONCE = 2_000
tells_missed_facts(service)


@service.on(STANDINGS_DIFFER)
def tell_standings_anew(work: Work, event: Event) -> None:
    """The whole picture under a new version, which is newer than whatever anybody knows."""
    asked = STANDINGS_DIFFER.load(event.data)["nominal_ids"]
    there = select(Nominal.id).where(Nominal.id.in_(asked)).order_by(Nominal.id).limit(_AT_ONCE)
    for nominal_id in work.session.execute(there.with_for_update()).scalars().all():
        standing_changed(work, facts(work, nominal_id))
        work.audit("reconciliation.tell_standings", About("nominal", nominal_id, nominal_id))
