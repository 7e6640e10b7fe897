"""Which records may be of one person, and which are known not to be."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from services.records.merging.models import NotSame
from services.records.nominals import duplicates
from services.records.nominals.models import Identifier, Name, Nominal
from shared.ids import new_id
from shared.work import Work


def mark_not_same(work: Work, one: UUID, other: UUID) -> None:
    """From now on the pair is not offered again. Said twice it counts once."""
    lower, higher = sorted((one, other))
    row = insert(NotSame).values(
        id=new_id(),
        nominal_id=lower,
        origin_nominal_id=lower,
        other_id=higher,
        said_by=work.principal.person_id,
        said_at=work.now,
    )
    work.session.execute(row.on_conflict_do_nothing(index_elements=["nominal_id", "other_id"]))


def known_not_same(work: Work, nominal_id: UUID) -> set[UUID]:
    found = select(NotSame.nominal_id, NotSame.other_id).where(
        or_(NotSame.nominal_id == nominal_id, NotSame.other_id == nominal_id)
    )
    return {id for row in work.session.execute(found) for id in row if id != nominal_id}


def offered(work: Work, nominal_id: UUID) -> list[duplicates.Likely]:
    """Who may be the same person as the one of this record, the likeliest first; as a creation would find them."""
    passed_over = {nominal_id, *known_not_same(work, nominal_id)}
    found = duplicates.likely(work, _person(work, nominal_id), passed_over)
    return [one for one in found if one.line.nominal_id not in passed_over]


def _person(work: Work, nominal_id: UUID) -> duplicates.Person:
    nominal = work.session.get_one(Nominal, nominal_id)
    names = select(Name.forenames, Name.surname).where(Name.nominal_id == nominal_id)
    called = work.session.execute(names.order_by(Name.kind.desc(), Name.id)).all()
    numbers = select(Identifier.kind, Identifier.value).where(Identifier.nominal_id == nominal_id)
    return duplicates.Person(
        tuple((row.forenames, row.surname) for row in called),
        nominal.date_of_birth,
        {row.kind: row.value for row in work.session.execute(numbers)},
        nominal.address or "",
    )
