"""What the rules ask of somebody who is to stand in, and for whom they stand in now."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.identity.deputies.models import Deputyship
from services.identity.deputies.rules import Candidate, Ground
from services.identity.people.models import Agency, Person, Unit
from services.identity.people.units import below
from services.identity.tokens.holders import ACTIVE, token_in_force
from services.identity.tokens.models import TokenGrant
from services.identity.vetting.records import clearances
from services.identity.vetting.rules import level_held
from shared.work import Work


def deputyship_in_force() -> ColumnElement[bool]:
    return Deputyship.started_at.is_not(None) & Deputyship.ended_at.is_(None)


def deputy_for(session: Session, person_id: UUID) -> frozenset[str]:
    """The units whose CPC this person acts for now; none while what they need for it is suspended or gone."""
    found = select(Deputyship.unit).where(
        Deputyship.person_id == person_id, deputyship_in_force(), _still_fit()
    )
    return frozenset(session.execute(found).scalars())


def deputies_of(session: Session, units: Iterable[str]) -> list[tuple[Deputyship, Person]]:
    """Who acts for the CPCs of these units now."""
    found = select(Deputyship, Person).join(Person, Person.id == Deputyship.person_id)
    here = found.where(Deputyship.unit.in_(list(units)), deputyship_in_force(), _still_fit(), ACTIVE)
    return [(row[0], row[1]) for row in session.execute(here.order_by(Deputyship.unit, Person.name))]


def candidate(work: Work, person: Person, unit: Unit) -> Candidate:
    session = work.session
    area = below(session, [unit.code])
    held = select(TokenGrant.token, TokenGrant.unit).where(
        TokenGrant.person_id == person.id, token_in_force()
    )
    pairs = [(row.token, row.unit) for row in session.execute(held)]
    here, anywhere = {token for token, code in pairs if code in area}, {token for token, _ in pairs}
    kinds = [session.get_one(Agency, code).kind for code in (person.agency, unit.agency)]
    return Candidate(
        name=person.name,
        level=level_held(clearances(session, person.id, work.policy), work.today),
        lpc="lpc" in here,
        central_support="central_support" in here,
        lpc_anywhere="lpc" in anywhere,
        central_support_anywhere="central_support" in anywhere,
        is_cpc="cpc" in anywhere and "cpc" not in here,
        same_kind=kinds[0] == kinds[1],
        oneself=person.id == work.principal.person_id,
    )


def fit_people(session: Session, unit: str) -> list[Person]:
    """The LPCs of an area who hold Central Support, by name: whom its CPC may name."""
    area = below(session, [unit])
    found = select(Person).where(ACTIVE, _holds("lpc", area), _holds("central_support", area))
    return list(session.execute(found.order_by(Person.name)).scalars())


def ground_of(session: Session, unit: str) -> Ground:
    held = select(TokenGrant.id).where(TokenGrant.token == "cpc", TokenGrant.unit == unit, token_in_force())  # noqa: S105
    return "vacant" if session.execute(held).first() is None else "absent"


def _holds(token: str, units: Iterable[str] | None = None) -> ColumnElement[bool]:
    held = select(TokenGrant.id).where(
        TokenGrant.person_id == Person.id, TokenGrant.token == token, token_in_force()
    )
    return (held.where(TokenGrant.unit.in_(list(units))) if units is not None else held).exists()


def _still_fit() -> ColumnElement[bool]:
    """Central Support or a CPC token of their own in force: both need NPPV level 3, and are suspended without it."""
    held = select(TokenGrant.id).where(
        TokenGrant.person_id == Deputyship.person_id,
        TokenGrant.token.in_(("central_support", "cpc")),
        token_in_force(),
    )
    return held.correlate(Deputyship).exists()
