"""Gathering what the rules ask of a token for a person."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.accounts.finding import reach_of
from services.identity.authority import Reach
from services.identity.central_support.models import CentralSupportRequest
from services.identity.people.models import Agency, Person, Unit
from services.identity.people.units import above
from services.identity.tokens.holders import cpc_contact, tokens_of
from services.identity.tokens.rules import Granting, Refused
from services.identity.tokens.table import Token, tokens
from services.identity.training.records import trained
from services.identity.vetting.records import clearances
from services.identity.vetting.rules import level_held
from shared.refusals import Invalid, Refusal
from shared.work import Work


def scope_of(work: Work, token: str, unit: str) -> Unit:
    """Raises Invalid for a unit that is not, for whose kind the token cannot be held, or a token that is switched off.

    The row of a unit that can have one holder is locked, so that two who grant at one moment come one after the other.
    """
    row = tokens()[token]
    if row.policy is not None and not work.policy.flag(row.policy, work.today):
        raise Invalid({"token": [f"The {row.label} token is switched off by national policy."]})
    lock = {"key_share": True} if row.one else None
    found = work.session.get(Unit, unit, with_for_update=lock)
    if found is None:
        raise Invalid({"unit": ["There is no unit with this code."]})
    if not row.fits(found.kind):
        raise Invalid({"unit": [f"This token is held for a {_words(row)}."]})
    return found


def granting(work: Work, token: str, scope: Unit, person: Person) -> Granting:
    session = work.session
    home = session.get_one(Unit, person.unit)
    return Granting(
        token=token,
        unit=Reach(work.principal, above(session, scope.code)),
        person=reach_of(work, person),
        oneself=person.id == work.principal.person_id,
        name=person.name,
        agency_kind=session.get_one(Agency, person.agency).kind,
        unit_kind=scope.kind,
        level=level_held(clearances(session, person.id, work.policy), work.today),
        courses=_courses(work, tokens()[token], person.id),
        held=frozenset(one.token for one in tokens_of(session, person.id)),
        in_establishment=home.kind == "prison",
        requested=_requested(session, person.id),
    )


def check(work: Work, refused: Refused | None, scope: Unit) -> None:
    if refused is not None:
        raise Refusal(refused.code, contact=cpc_contact(work, scope.code), **dict(refused.fills))  # type: ignore[arg-type]


def for_cpc(work: Work, reach: Reach) -> str | None:
    """The unit of the CPC for whom a deputy acts now, and says so in the audit; None for whoever acts as themselves."""
    if reach.is_cpc or not reach.is_deputy:
        return None
    unit = next(code for code in reach.areas if code in work.principal.deputy_for)
    work.concerns(for_cpc=unit)
    return unit


def _courses(work: Work, row: Token, person_id: UUID) -> frozenset[str]:
    """Those of the courses that the token may ask for."""
    asked = set(row.course.values())
    return frozenset(kind for kind in asked if trained(work.session, person_id, work.today, kind))


def _requested(session: Session, person_id: UUID) -> bool:
    asked = select(CentralSupportRequest.id).where(
        CentralSupportRequest.person_id == person_id, CentralSupportRequest.state == "open"
    )
    return session.execute(asked).first() is not None


def _words(row: Token) -> str:
    return " or ".join(sorted(kind.replace("_", " ") for kind in row.unit_kinds))
