"""What each ordered handler has already seen of an aggregate."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.events.envelope import Event
from shared.messaging.participant import Order, Subscription
from shared.messaging.tables import SpineTables


def is_wanted(session: Session, tables: SpineTables, subscription: Subscription, event: Event) -> bool:
    """Whether this handler is to see this fact; if so, its version is the newest seen from now on.

    Kept apart by agency: each agency's copy of one fact carries the same version.
    """
    about = event.aggregate
    if subscription.order is Order.ANY or about is None:
        return True
    table = tables.aggregate_version
    seen = insert(table).values(
        handler=subscription.name, agency=event.agency, kind=about.kind, id=about.id, version=about.version
    )
    newer = table.c.version < seen.excluded.version
    if subscription.order is Order.NOT_OLDER:
        newer = table.c.version <= seen.excluded.version
    noted = seen.on_conflict_do_update(
        index_elements=[table.c.handler, table.c.agency, table.c.kind, table.c.id],
        set_={"version": seen.excluded.version},
        where=newer,
    )
    return session.execute(noted.returning(table.c.version)).first() is not None


def known(session: Session, tables: SpineTables, handler: str, event: Event) -> int:
    """The version this handler has seen, 0 for none: for one that looks for gaps itself."""
    if event.aggregate is None:
        return 0
    table = tables.aggregate_version
    here = (
        (table.c.handler == handler)
        & (table.c.agency == event.agency)
        & (table.c.kind == event.aggregate.kind)
        & (table.c.id == event.aggregate.id)
    )
    version: int = session.execute(select(table.c.version).where(here)).scalar() or 0
    return version
