"""Noting that a role is vacant, once until it is filled; and noticing that it is filled."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, event, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from services.notifications.delivery import people
from services.notifications.delivery.models import VacantRole
from services.notifications.service import service
from shared.directory.read_model import CPC_DEPUTY, DEEPEST
from shared.directory.tables import DIRECTORY
from shared.events.notifications import ROLE_VACANT
from shared.ids import new_id
from shared.work import Work

_person, _grant = DIRECTORY.person, DIRECTORY.grant
_MISSED = "visor.delivery.missed"
# Until when all open vacancies were found to be open still.
_LOOKED = "visor.delivery.looked_for_holders"
_OPEN = VacantRole.filled_at.is_(None)


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
    """Vacancies that the directory shows a holder for are over.

    Looked for where the directory, the day or the vacancies have changed since the last look that found none: hundreds
    may stand open for months, and each second would ask for them all.
    """
    read_to = work.session.execute(select(DIRECTORY.state.c.version)).scalar()
    newest = work.session.execute(
        select(VacantRole.id).where(_OPEN).order_by(VacantRole.id.desc()).limit(1)
    ).scalar()
    seen = (work.today, read_to, newest)
    if newest is None or work.runtime.extras.get(_LOOKED) == seen:
        return
    found = work.session.execute(_perhaps_filled().with_for_update(skip_locked=True)).scalars().all()
    for vacancy in found:
        if people.rung_holders(work, [vacancy.role], vacancy.unit).people:
            vacancy.filled_at = work.now
    if not found:
        work.runtime.extras[_LOOKED] = seen


def _perhaps_filled() -> Select[VacantRole]:
    """Those whose role somebody holds for the unit or one above it; who is nearest, and there, is asked of each."""
    line, unit = _lines(), DIRECTORY.unit
    on_its_line = select(line.c.code).where(line.c.vacancy == VacantRole.id).correlate(VacantRole)
    national = select(unit.c.code).where(unit.c.kind == "national")
    for_all = VacantRole.role.in_(people.NATIONAL) & _grant.c.unit.in_(national)
    here = (_grant.c.unit == VacantRole.unit) | _grant.c.unit.in_(on_its_line)
    held = (
        select(literal(1))
        .join_from(_grant, _person, _person.c.id == _grant.c.person_id)
        .where(_person.c.active, _fills(_grant.c.name), here | for_all)
        .correlate(VacantRole)
    )
    return select(VacantRole).where(_OPEN, held.exists()).order_by(VacantRole.id)


def _lines() -> CTE:
    """Of every open vacancy the way up from its unit; a loop in the data ends it."""
    unit, start = DIRECTORY.unit, aliased(VacantRole)
    line = (
        select(start.id.label("vacancy"), unit.c.code, unit.c.parent, literal(0).label("depth"))
        .join(unit, unit.c.code == start.unit)
        .where(start.filled_at.is_(None))
        .cte("line", recursive=True)
    )
    up = select(line.c.vacancy, unit.c.code, unit.c.parent, line.c.depth + 1)
    return line.union_all(up.where(unit.c.code == line.c.parent, line.c.depth < DEEPEST))


def _fills(name: ColumnElement[str]) -> ColumnElement[bool]:
    deputises = (VacantRole.role == "cpc") & (name == CPC_DEPUTY)
    return (name == VacantRole.role) | deputises
