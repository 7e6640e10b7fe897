"""How a service that changes no policy learns of a change: identity tells it, and it is kept here too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects.postgresql import insert

from shared.events.identity.policy import POLICY_CHANGED
from shared.work import About

if TYPE_CHECKING:
    from shared.events.envelope import Event
    from shared.service import Service
    from shared.work import Work


def register(service: Service) -> None:
    """Have a service take every confirmed change of national policy."""
    service.on(POLICY_CHANGED)(take_change)


def take_change(work: Work, event: Event) -> None:
    """Keep a confirmed change. It never alters, so one that a republish tells again is passed over."""
    told = POLICY_CHANGED.load(event.data)
    row = {
        **told,
        "id": told["change_id"],
        "decided_by": told["confirmed_by"],
        "decided_at": told["confirmed_at"],
    }
    for name in ("change_id", "confirmed_by", "confirmed_at"):
        del row[name]
    changes = work.runtime.service.tables.policy
    kept = insert(changes).values(**row, state="confirmed").on_conflict_do_nothing().returning(changes.c.id)
    if work.session.execute(kept).first() is None:
        return
    work.runtime.policy.changed_in(work.session)
    facts = {"key": row["key"], "in_force_from": row["in_force_from"]}
    work.audit("policy.take", About("policy_change", row["id"], facts=facts))
