"""Ending a deputyship, whoever or whatever ends it, and telling of it."""

from __future__ import annotations

from services.identity.deputies.models import Deputyship
from services.identity.people.models import Person
from services.identity.sessions.ending import end_sessions_of
from services.identity.tokens.holders import cpc_concerned
from shared.events.identity.deputies import DEPUTY_ENDED
from shared.events.registry import EventKind
from shared.work import Concerned, Work


def end_deputyship(work: Work, found: Deputyship, reason: str) -> None:
    """The deputy's sessions end, since their access tokens still speak for the CPC. The directory is for the caller."""
    begun = found.started_at is not None
    found.ended_at, found.ended_by, found.end_reason = work.system_now, work.principal.person_id, reason
    tell(work, DEPUTY_ENDED, found)
    if begun:
        end_sessions_of(work, found.person_id, "deputy_ended")


def tell(work: Work, kind: EventKind, found: Deputyship) -> None:
    """The deputy, and the CPC for whom they act."""
    person = work.session.get_one(Person, found.person_id)
    to = [Concerned(person.id, "deputy", found.unit, person.agency)]
    if found.ground != "vacant":
        to.append(cpc_concerned(work.session, found.unit, person.agency))
    data = {
        "deputyship_id": found.id,
        "person_id": found.person_id,
        "unit": found.unit,
        "ground": found.ground,
        "valid_to": found.valid_to,
    }
    work.emit(kind, data, aggregate=("deputyship", found.id), to=to)
