"""Whom a step in an account's life concerns, and telling them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.people.models import Person, Unit
from services.identity.tokens.holders import ACTIVE, cpc_concerned, role_in_force, token_in_force
from services.identity.tokens.models import RoleGrant, TokenGrant
from shared.events.registry import EventKind
from shared.work import NOBODY, Concerned, Work


def tell(work: Work, kind: EventKind, person: Person, to: Iterable[Concerned], **more: Any) -> None:
    """Each once, as what they come first. Whoever does it knows already, and is not told."""
    actor = work.principal.person_id
    _emit(work, kind, person, [one for one in to if one.person_id != actor or actor == NOBODY], more)


def tell_dated(work: Work, kind: EventKind, person: Person, to: Iterable[Concerned], **more: Any) -> None:
    """What begins a deadline, in days of the unit's jurisdiction; whoever does it may have the duty too."""
    unit = work.session.get_one(Unit, person.unit)
    _emit(work, kind, person, to, {"jurisdiction": unit.jurisdiction, **more})


def _emit(
    work: Work, kind: EventKind, person: Person, to: Iterable[Concerned], more: Mapping[str, Any]
) -> None:
    told: dict[UUID, Concerned] = {}
    for one in to:
        told.setdefault(one.person_id, one)
    data = {"person_id": person.id, "unit": person.unit, **more}
    work.emit(kind, data, aggregate=("person", person.id), to=told.values())


def cpc(work: Work, person: Person) -> Concerned:
    return cpc_concerned(work.session, person.unit, person.agency)


def themselves(person: Person) -> Concerned:
    return Concerned(person.id, "person", person.unit, person.agency)


def someone(session: Session, person_id: UUID | None, role: str, unit: str) -> list[Concerned]:
    """Nobody where there is no such person."""
    found = session.get(Person, person_id) if person_id else None
    return [Concerned(found.id, role, unit, found.agency)] if found else []


def line_manager(work: Work, person: Person) -> list[Concerned]:
    return someone(work.session, person.line_manager, "line_manager", person.unit)


def leads(session: Session, person: Person) -> list[Concerned]:
    """The ViSOR leads of a prison; none elsewhere."""
    held = select(Person).join(RoleGrant, RoleGrant.person_id == Person.id)
    here = held.where(RoleGrant.role == "visor_lead", RoleGrant.unit == person.unit, role_in_force(), ACTIVE)
    found = session.execute(here.order_by(Person.id)).scalars()
    return [Concerned(one.id, "visor_lead", person.unit, one.agency) for one in found if one.id != person.id]


def administrators(session: Session, unit: str) -> list[Concerned]:
    """Everybody who can execute what was authorised; the vacant role where there is none."""
    held = select(Person, TokenGrant.unit).join(TokenGrant, TokenGrant.person_id == Person.id)
    found = session.execute(held.where(TokenGrant.token == "admin", token_in_force(), ACTIVE)).all()  # noqa: S105
    told = [Concerned(one.id, "admin", held_for, one.agency) for one, held_for in found]
    return told or [Concerned(NOBODY, "admin", unit, "home-office")]
