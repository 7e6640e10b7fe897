"""Finding a terminal, and how the principal stands to it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.people.models import Person, Unit
from services.identity.people.units import above
from services.identity.terminals.models import Assessment, Assurance, Terminal
from services.identity.terminals.rules import Refused, Standing
from services.identity.tokens.holders import ACTIVE, cpc_concerned, cpc_contact, role_in_force
from services.identity.tokens.models import RoleGrant
from shared.access.principal import Principal
from shared.refusals import NotFound, Refusal
from shared.work import NOBODY, Concerned, Work

LEAD, LPC, CPC = "visor_lead", "lpc", "cpc"


def terminal_or_404(work: Work, terminal_id: UUID, *, lock: bool = True) -> Terminal:
    """Locked to the end of the transaction: two who decide about one terminal come one after the other."""
    found = work.session.get(Terminal, terminal_id, with_for_update=lock)
    if found is None:
        raise NotFound
    work.concerns(subject=("terminal", found.id), unit=found.unit)
    return found


def standing_to(session: Session, principal: Principal, unit: str) -> Standing:
    """Its CPC's units are those of the unit and of every unit above it; a lead's and an LPC's is the unit itself."""
    return Standing(
        cpc=bool(principal.units_with(CPC) & set(above(session, unit))),
        lead=unit in principal.units_with_role(LEAD),
        lpc=unit in principal.units_with(LPC),
    )


def standing_anywhere(principal: Principal) -> Standing:
    """To some place or other: what a form asks before it knows which."""
    return Standing(
        cpc=principal.holds(CPC), lead=bool(principal.units_with_role(LEAD)), lpc=principal.holds(LPC)
    )


def check(work: Work, unit: str, refused: Refused | None) -> None:
    """Raises the refusal, with the CPC of the unit as whom to ask."""
    if refused is not None:
        raise Refusal(refused.code, contact=cpc_contact(work, unit), **dict(refused.fills))  # type: ignore[arg-type]


def waiting_assessment(session: Session, terminal_id: UUID) -> Assessment | None:
    """The one that the CPC has still to decide."""
    found = select(Assessment).where(Assessment.terminal_id == terminal_id, Assessment.outcome.is_(None))
    return session.execute(found).scalar_one_or_none()


def open_assurance(session: Session, terminal_id: UUID) -> Assurance | None:
    found = select(Assurance).where(Assurance.terminal_id == terminal_id, Assurance.closed_at.is_(None))
    return session.execute(found.order_by(Assurance.due_on).limit(1)).scalar_one_or_none()


def cpc_of(work: Work, unit: str) -> Concerned:
    """Whoever decides about the unit's terminals; the vacant role where nobody does."""
    return cpc_concerned(work.session, unit, work.session.get_one(Unit, unit).agency)


def leads_of(work: Work, unit: str) -> list[Concerned]:
    """The unit's ViSOR leads; the vacant role where there is none (PF-5.5)."""
    found = select(Person).join(RoleGrant, RoleGrant.person_id == Person.id)
    holders = found.where(RoleGrant.role == LEAD, RoleGrant.unit == unit, role_in_force(), ACTIVE)
    people = work.session.execute(holders.order_by(Person.id)).scalars().unique().all()
    if not people:
        return [Concerned(NOBODY, LEAD, unit, work.session.get_one(Unit, unit).agency)]
    return [Concerned(person.id, LEAD, unit, person.agency) for person in people]


def others(work: Work, people: list[Concerned]) -> list[Concerned]:
    """Nobody is told of what they did themselves."""
    return [one for one in people if one.person_id != work.principal.person_id]
