"""Finding the person that an act is about, and whether the principal may look after their account."""

from __future__ import annotations

from uuid import UUID

from services.identity.authority import Reach, why_not_look_after
from services.identity.people.models import Person
from services.identity.people.units import above
from services.identity.tokens.holders import cpc_contact
from shared.refusals import NotFound, Refusal
from shared.work import Work


def person_or_404(work: Work, person_id: UUID, *, lock: bool = False) -> Person:
    person = work.session.get(Person, person_id, with_for_update=lock)
    if person is None:
        raise NotFound
    return person


def reach_of(work: Work, person: Person) -> Reach:
    return Reach(work.principal, above(work.session, person.unit))


def require_authority(work: Work, person: Person, subject: str) -> None:
    """Raises Refusal R24 or R23; `subject` is what one cannot approve for oneself."""
    oneself = person.id == work.principal.person_id
    code = why_not_look_after(reach_of(work, person), oneself=oneself)
    if code is not None:
        raise Refusal(code, contact=cpc_contact(work.session, person.unit), subject=subject)
