"""Who is told of vetting that ends, and of tokens that it takes along."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.accounts.telling import cpc, line_manager, themselves
from services.identity.people.models import Agency, Person
from services.identity.tokens.holders import holders_above
from services.identity.tokens.models import TokenGrant
from services.identity.vetting.models import VettingExpiry
from shared.events.identity.tokens import TOKEN_RESTORED, TOKEN_SUSPENDED
from shared.work import NOBODY, Concerned, Work

HEADS = ("head_of_public_protection", "prison_group_director")


def about_to_end(work: Work, person: Person) -> list[Concerned]:
    """The person, their line manager, the prison's ViSOR leads and the CPC (PF-5.10.2, D-15)."""
    told = [themselves(person), *line_manager(work, person), *_leads(work.session, person)]
    return [*told, cpc(work, person)]


def ended(work: Work, person: Person) -> list[Concerned]:
    """The person, their line manager and the CPC (PF-4.16/A.2), and a prison's leads, who help to have it renewed."""
    return about_to_end(work, person)


def tell_of_token(work: Work, person: Person, grant: TokenGrant, *, suspended: bool) -> None:
    """The holder, and whoever appoints for that area or group (PF-6.1.3)."""
    kind = TOKEN_SUSPENDED if suspended else TOKEN_RESTORED
    data = {"person_id": person.id, "token": grant.token, "unit": grant.unit, "grant_id": grant.id}
    to = [themselves(person), *_heads(work.session, person, grant.unit)]
    work.emit(kind, data, aggregate=("person", person.id), to=to)


def last_expiry(session: Session, person_id: UUID) -> UUID | None:
    found = select(VettingExpiry.id).where(VettingExpiry.person_id == person_id)
    return session.execute(found.order_by(VettingExpiry.told_at.desc(), VettingExpiry.id.desc())).scalar()


def note_expiry(work: Work, person: Person, day: date) -> VettingExpiry:
    made = VettingExpiry(person_id=person.id, expired_on=day, told_at=work.system_now)
    work.session.add(made)
    work.session.flush()
    return made


def _leads(session: Session, person: Person) -> list[Concerned]:
    if session.get_one(Agency, person.agency).kind != "prison":
        return []
    found = holders_above(session, person.unit, ("visor_lead",))
    vacant = [Concerned(NOBODY, "visor_lead", person.unit, person.agency)]
    return [Concerned(one.id, "visor_lead", person.unit, one.agency) for one in found] or vacant


def _heads(session: Session, person: Person, unit: str) -> list[Concerned]:
    found = holders_above(session, unit, HEADS)
    role = "prison_group_director" if unit.startswith(("group-", "prison-")) else HEADS[0]
    vacant = [Concerned(NOBODY, role, unit, person.agency)]
    return [Concerned(one.id, role, unit, one.agency) for one in found if one.id != person.id] or vacant
