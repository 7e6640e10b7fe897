"""What the other services tell of people who left."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from services.identity.accounts.models import Holding
from services.identity.people.models import Person
from services.identity.service import service
from shared.events.envelope import Event
from shared.events.records.access import HOLDINGS_COUNTED
from shared.messaging.participant import newer_only
from shared.work import Work


@service.on(HOLDINGS_COUNTED)
@newer_only
def take_holdings(work: Work, event: Event) -> None:
    """Kept as records last counted it; somebody this identity does not know is another issuer's."""
    told = HOLDINGS_COUNTED.load(event.data)
    known = select(exists().where(Person.id == told["person_id"]))
    if not work.session.execute(known).scalar_one():
        return
    row = insert(Holding).values(**told, counted_at=work.system_now)
    counts = {name: row.excluded[name] for name in told if name != "person_id"}
    newer = row.on_conflict_do_update(
        index_elements=["person_id"], set_={**counts, "counted_at": row.excluded.counted_at}
    )
    work.session.execute(newer)
