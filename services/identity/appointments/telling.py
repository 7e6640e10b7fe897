"""Telling of roles: everybody's pictures, and the Governor where a lead is tasked with updating ViSOR."""

from __future__ import annotations

from sqlalchemy import select

from services.identity.people.models import Person, Unit
from services.identity.tokens.holders import ACTIVE, role_in_force
from services.identity.tokens.models import RoleGrant
from shared.events.identity.appointments import ROLE_APPOINTED, ROLE_CONFLICT, ROLE_ENDED
from shared.events.registry import EventKind
from shared.work import EVERY_AGENCY, NOBODY, Concerned, Work


def tell_appointed(work: Work, grant: RoleGrant) -> None:
    _tell(work, ROLE_APPOINTED, grant)


def tell_ended(work: Work, grant: RoleGrant) -> None:
    _tell(work, ROLE_ENDED, grant)


def tell_conflict(work: Work, grant: RoleGrant) -> None:
    """PF-5.9-G.1: the warning goes to the Governor, who answers for it."""
    held = select(Person).join(RoleGrant, RoleGrant.person_id == Person.id)
    here = held.where(RoleGrant.role == "governor", RoleGrant.unit == grant.unit, role_in_force(), ACTIVE)
    governors = list(work.session.execute(here.order_by(Person.id)).scalars())
    agency = work.session.get_one(Unit, grant.unit).agency
    to = [Concerned(one.id, "governor", grant.unit, one.agency) for one in governors]
    work.emit(
        ROLE_CONFLICT,
        _data(grant),
        aggregate=("person", grant.person_id),
        to=to or [Concerned(NOBODY, "governor", grant.unit, agency)],
    )


def _tell(work: Work, kind: EventKind, grant: RoleGrant) -> None:
    work.emit(kind, _data(grant), aggregate=("person", grant.person_id), agencies=(EVERY_AGENCY,))


def _data(grant: RoleGrant) -> dict[str, object]:
    return {"grant_id": grant.id, "person_id": grant.person_id, "role": grant.role, "unit": grant.unit}
