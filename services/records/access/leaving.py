"""What somebody who left still holds: counted for identity, until their account is archived (PF-4.38.3)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from services.records.access.models import Leaving, Partnership
from services.records.nominals.models import Nominal
from services.records.service import service
from shared.events.envelope import Event
from shared.events.identity.accounts import ACCOUNT_ARCHIVED, ACCOUNT_LEAVING, ACCOUNT_REACTIVATED
from shared.events.records.access import HOLDINGS_COUNTED
from shared.work import EVERY_AGENCY, Work

_COUNT_EVERY = timedelta(seconds=15)
_AT_ONCE = 20


@service.on(ACCOUNT_LEAVING)
def when_somebody_leaves(work: Work, event: Event) -> None:
    """Counted at once, and again each quarter of a minute; identity is told when it changes."""
    person_id = ACCOUNT_LEAVING.load(event.data)["person_id"]
    row = insert(Leaving).values(person_id=person_id, counted_at=work.system_now)
    work.session.execute(row.on_conflict_do_nothing())
    for leaving in work.session.execute(select(Leaving).where(Leaving.person_id == person_id)).scalars():
        _count(work, leaving, tell=True)


@service.on(ACCOUNT_ARCHIVED, ACCOUNT_REACTIVATED)
def when_it_is_over(work: Work, event: Event) -> None:
    """Both facts have the same fields."""
    person_id = ACCOUNT_ARCHIVED.load(event.data)["person_id"]
    work.session.execute(delete(Leaving).where(Leaving.person_id == person_id))


@service.each_tick
def count_again(work: Work) -> int:
    """Claimed by row lock; a tick that has nothing due asks one index."""
    due = select(Leaving).where(Leaving.counted_at <= work.system_now - _COUNT_EVERY)
    claimed = due.order_by(Leaving.counted_at).limit(_AT_ONCE).with_for_update(skip_locked=True)
    return sum(_count(work, leaving) for leaving in work.session.execute(claimed).scalars().all())


def _count(work: Work, leaving: Leaving, *, tell: bool = False) -> bool:
    """Whether identity was told: when the numbers are new to it."""
    found = work.session.execute(_held_by(leaving.person_id)).one()
    before = (leaving.manager_of, leaving.supervisor_of, leaving.partner_of)
    leaving.manager_of, leaving.supervisor_of, leaving.partner_of = found
    leaving.counted_at = work.system_now
    if not tell and before == tuple(found):
        return False
    counts = dict(zip(("manager_of", "supervisor_of", "partner_of"), found, strict=True))
    data = {"person_id": leaving.person_id, **counts}
    subject = ("person", leaving.person_id)
    work.emit(HOLDINGS_COUNTED, data, aggregate=subject, agencies=(EVERY_AGENCY,))
    return True


def _held_by(person_id: UUID) -> Select[int, int, int]:
    """Live records only: nobody writes to one that is archived."""
    live = select(func.count()).select_from(Nominal).where(Nominal.status == "live")
    partner = live.join(Partnership, Partnership.nominal_id == Nominal.id).where(
        Partnership.person_id == person_id, Partnership.ended_at.is_(None)
    )

    def named(query: Select[int]) -> ScalarSelect[int]:
        return query.scalar_subquery()

    return select(
        named(live.where(Nominal.manager_id == person_id)).label("manager_of"),
        named(live.where(Nominal.supervisor_id == person_id)).label("supervisor_of"),
        named(partner).label("partner_of"),
    )
