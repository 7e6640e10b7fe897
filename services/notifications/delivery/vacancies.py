"""Noting that a role is vacant, once until it is filled; and noticing that it is filled."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from sqlalchemy import event, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.delivery import people
from services.notifications.delivery.models import VacantRole
from services.notifications.service import service
from shared.events.notifications import ROLE_VACANT
from shared.ids import new_id
from shared.work import Work

_AT_ONCE = 200
_MISSED = "visor.delivery.missed"


def note_vacant(work: Work, role: str, unit: str) -> UUID:
    """The open vacancy's id; the first to find it tells it (PF-4.8, PF-5.4: these roles must be covered).

    One that is known already is only counted, and that at the very end: its row is everybody's who misses somebody in
    that role, and whoever held it would have all others wait for a whole batch of facts.
    """
    known = _open(work, role, unit)
    if known is not None:
        _count(work, known)
        return known
    made = new_id()
    row = insert(VacantRole).values(id=made, role=role, unit=unit, found_at=work.now)
    first = row.on_conflict_do_nothing(
        index_elements=["role", "unit"], index_where=VacantRole.filled_at.is_(None)
    )
    if work.session.execute(first.returning(VacantRole.id)).first() is not None:
        work.emit(ROLE_VACANT, {"role": role, "unit": unit}, aggregate=("vacant_role", made))
        return made
    known = _open(work, role, unit) or made
    _count(work, known)
    return known


def _open(work: Work, role: str, unit: str) -> UUID | None:
    mine = (VacantRole.role == role) & (VacantRole.unit == unit) & VacantRole.filled_at.is_(None)
    return work.session.execute(select(VacantRole.id).where(mine)).scalar_one_or_none()


def _count(work: Work, vacancy: UUID) -> None:
    info = work.session.info
    if _MISSED not in info:
        info[_MISSED] = Counter()
        event.listen(work.session, "before_commit", _write)
    info[_MISSED][vacancy] += 1


def _write(session: Session) -> None:
    """With the commit itself, not with a savepoint's; in one order, so that two never wait in a ring."""
    missed: Counter[UUID] = session.info[_MISSED]
    if session.in_nested_transaction():
        return
    for vacancy, times in sorted(missed.items()):
        more = update(VacantRole).where(VacantRole.id == vacancy)
        session.execute(more.values(missed=VacantRole.missed + times))
    missed.clear()


@service.each_tick
def close_filled(work: Work) -> None:
    """Vacancies that the directory shows a holder for are over."""
    open_ones = (
        select(VacantRole).where(VacantRole.filled_at.is_(None)).order_by(VacantRole.id).limit(_AT_ONCE)
    )
    for vacancy in work.session.execute(open_ones.with_for_update(skip_locked=True)).scalars():
        if people.rung_holders(work, [vacancy.role], vacancy.unit).people:
            vacancy.filled_at = work.now
