"""Noting that a role is vacant, once until it is filled; and noticing that it is filled."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.notifications.delivery import people
from services.notifications.delivery.models import VacantRole
from services.notifications.service import service
from shared.events.notifications import ROLE_VACANT
from shared.ids import new_id
from shared.work import Work

_AT_ONCE = 200


def note_vacant(work: Work, role: str, unit: str) -> UUID:
    """The open vacancy's id; the first to find it tells it (PF-4.8, PF-5.4: these roles must be covered)."""
    made = new_id()
    row = insert(VacantRole).values(id=made, role=role, unit=unit, found_at=work.now)
    noted = row.on_conflict_do_update(
        index_elements=["role", "unit"],
        index_where=VacantRole.filled_at.is_(None),
        set_={"missed": VacantRole.missed + 1},
    )
    found: UUID = work.session.execute(noted.returning(VacantRole.id)).scalar_one()
    if found == made:
        work.emit(ROLE_VACANT, {"role": role, "unit": unit}, aggregate=("vacant_role", found))
    return found


@service.each_tick
def close_filled(work: Work) -> None:
    """Vacancies that the directory shows a holder for are over."""
    open_ones = (
        select(VacantRole).where(VacantRole.filled_at.is_(None)).order_by(VacantRole.id).limit(_AT_ONCE)
    )
    for vacancy in work.session.execute(open_ones.with_for_update(skip_locked=True)).scalars():
        if people.rung_holders(work, [vacancy.role], vacancy.unit).people:
            vacancy.filled_at = work.now
