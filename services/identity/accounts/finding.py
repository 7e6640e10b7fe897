"""Finding the person that an act is about, and whether the principal may look after their account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.accounts.models import Onboarding, RequestNominee
from services.identity.authority import Reach, why_not_look_after
from services.identity.people.models import Person, Unit
from services.identity.people.units import above
from services.identity.tokens.holders import cpc_contact
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.about import about
from shared.work import Work


def person_or_404(work: Work, person_id: UUID, *, lock: bool = False) -> Person:
    person = work.session.get(Person, person_id, with_for_update=lock)
    if person is None:
        raise NotFound
    return person


def onboarding_of(work: Work, person: Person) -> Onboarding:
    """Made where there is none: whoever came to their account otherwise (bootstrap, another directory) has no row."""
    found = work.session.get(Onboarding, person.id)
    if found is None:
        found = Onboarding(person_id=person.id, nominated_by=work.principal.person_id)
        found.nominated_at, found.as_deputy = work.system_now, False
        work.session.add(found)
    return found


def unit_or_invalid(work: Work, code: str) -> Unit:
    found = work.session.get(Unit, code)
    if found is None:
        raise Invalid({"unit": ["There is no unit with this code."]})
    return found


def by_user_name(work: Work, name: str | None, field: str) -> Person | None:
    """None for an empty one; raises Invalid for one that nobody has, or whose holder has left."""
    if not name:
        return None
    found = work.session.execute(
        select(Person).where(Person.username == name.strip().lower(), Person.state != "archived")
    ).scalar_one_or_none()
    if found is None:
        raise Invalid({field: ["Nobody has this user name."]})
    return found


def reach_of(work: Work, person: Person) -> Reach:
    return reach_of_unit(work, person.unit)


def reach_of_unit(work: Work, unit: str) -> Reach:
    return Reach(work.principal, above(work.session, unit))


def is_nominee(work: Work, reach: Reach) -> bool:
    """Whether the CPC named the principal in advance to ask for accounts there (PF-4.16/A.6)."""
    return bool(named_for(work) & set(reach.areas))


def named_for(work: Work) -> frozenset[str]:
    """The units for which a CPC named the principal."""
    named = select(RequestNominee.unit).where(
        RequestNominee.person_id == work.principal.person_id, RequestNominee.ended_at.is_(None)
    )
    return frozenset(work.session.execute(named).scalars())


def require_authority(work: Work, person: Person, subject: str) -> None:
    """Raises Refusal R24 or R23; `subject` is what one cannot approve for oneself."""
    oneself = person.id == work.principal.person_id
    code = why_not_look_after(reach_of(work, person), oneself=oneself)
    if code is not None:
        raise Refusal(code, contact=cpc_contact(work, person.unit), subject=subject)


def first_authority(subject: str) -> Callable[..., dict[str, Any]]:
    """The `values` of a form about a person: nobody types what `require_authority` would refuse."""

    def asked(work: Work, *, person_id: UUID) -> dict[str, Any]:
        person = person_or_404(work, person_id)
        require_authority(work, person, subject)
        return {"about": about(person)}

    return asked
