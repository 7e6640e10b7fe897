"""Who holds a token or role now."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.identity.people.models import Person, Unit
from services.identity.people.units import chain
from services.identity.tokens.models import RoleGrant, TokenGrant
from services.identity.tokens.table import tokens
from shared.refusals import Contact
from shared.work import NOBODY, Concerned, Work

CPC = "cpc"
_CPC = "Central Point of Contact"
ACTIVE = Person.state.in_(("created", "active"))


def token_in_force() -> ColumnElement[bool]:
    return (
        TokenGrant.started_at.is_not(None) & TokenGrant.ended_at.is_(None) & TokenGrant.suspended_at.is_(None)
    )


def role_in_force() -> ColumnElement[bool]:
    return RoleGrant.started_at.is_not(None) & RoleGrant.ended_at.is_(None)


def responsible_cpc(session: Session, unit: str) -> Person | None:
    """The active CPC nearest at or above a unit (PF-4.8, PF-5.4)."""
    return _cpc_and_unit(session, unit)[0]


def _cpc_and_unit(session: Session, unit: str) -> tuple[Person | None, str]:
    """With the area, group or force whose CPC it is: there the CPC's list is found by who deputises."""
    way_up = chain(unit)
    nearest = (
        select(Person, TokenGrant.unit)
        .join(TokenGrant, TokenGrant.person_id == Person.id)
        .join(way_up, way_up.c.code == TokenGrant.unit)
        .where(TokenGrant.token == CPC, token_in_force(), ACTIVE)
        .order_by(way_up.c.depth)
        .limit(1)
    )
    row = session.execute(nearest).first()
    return (row[0], row[1]) if row is not None else (None, _cpc_unit(session, unit))


def _cpc_unit(session: Session, unit: str) -> str:
    """The unit at or above this one that has a CPC when the role is filled; itself where none has."""
    way_up = chain(unit)
    kinds = ("mappa_area", "prison_group", "force")
    above = select(Unit.code).join(way_up, way_up.c.code == Unit.code).where(Unit.kind.in_(kinds))
    return session.execute(above.order_by(way_up.c.depth).limit(1)).scalar_one_or_none() or unit


def cpc_contact(work: Work, unit: str) -> Contact:
    """Whom the reader asks about somebody or something of this unit."""
    return _contact(work.session, unit, work.principal.person_id)


def whom_to_ask(session: Session, person: Person) -> Contact:
    """About one's own access, also before there is a session."""
    return _contact(session, person.unit, person.id)


def _contact(session: Session, unit: str, asker: UUID) -> Contact:
    """The unit's CPC; the CPC asks whoever appoints the CPC (PF-4.8, PF-5.1), and never reads their own name."""
    cpc, own = _cpc_and_unit(session, unit)
    if cpc is None:
        return Contact(_CPC)
    return _appointer(session, own) if cpc.id == asker else _card(_CPC, cpc)


def _card(what: str, person: Person) -> Contact:
    return Contact(what, person.name, person.telephone, person.card_url)


def _appointer(session: Session, unit: str) -> Contact:
    roles = {role for some in tokens()[CPC].appointers.values() for role in some}
    found, what = holders_above(session, unit, roles), "Whoever appoints the CPC"
    return _card(what, found[0]) if found else Contact(what)


def holders_above(session: Session, unit: str, roles: Collection[str]) -> list[Person]:
    """Active holders of a role at the unit or above it, the nearest first."""
    way_up = chain(unit)
    found = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(way_up, way_up.c.code == RoleGrant.unit)
        .where(RoleGrant.role.in_(roles), role_in_force(), ACTIVE)
        .order_by(way_up.c.depth, Person.id)
    )
    return list(session.execute(found).scalars().unique())


def cpc_concerned(session: Session, unit: str, agency: str) -> Concerned:
    """The CPC as somebody to be told, for the unit whose CPC it is: a deputy sees the list of that unit (PF-7/LPC.2).

    The vacant role where there is none, so that the deputy gets it, or the gap is seen.
    """
    cpc, own = _cpc_and_unit(session, unit)
    if cpc is None:
        return Concerned(NOBODY, "cpc", own, agency)
    return Concerned(cpc.id, "cpc", own, cpc.agency)


def tokens_of(session: Session, person_id: UUID) -> list[TokenGrant]:
    """The tokens in force, by name."""
    return _of(session, TokenGrant, person_id, token_in_force(), TokenGrant.token)


def roles_of(session: Session, person_id: UUID) -> list[RoleGrant]:
    """The roles in force, by name."""
    return _of(session, RoleGrant, person_id, role_in_force(), RoleGrant.role)


def _of(session: Session, model: Any, person_id: UUID, in_force: ColumnElement[bool], name: Any) -> list[Any]:
    found = select(model).where(model.person_id == person_id, in_force).order_by(name, model.unit)
    return list(session.execute(found).scalars())
