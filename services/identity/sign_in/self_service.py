"""Setting a new password with a one-time code, where the old one was forgotten (PI-A.2, proposed)."""

from __future__ import annotations

from sqlalchemy import select

from services.identity.agency_sign_in.passwords import keeps_own
from services.identity.people.models import Person
from services.identity.sign_in import throttling
from services.identity.sign_in.credential_changes import check_password, end_all_sessions, set_password, tell
from services.identity.sign_in.facts import gather
from services.identity.sign_in.models import Credential
from services.identity.sign_in.outcomes import located, nobody_at, note_refusal
from services.identity.sign_in.rules import OF_THE_PLACE, refusals
from services.identity.sign_in.spending import spend_code
from services.identity.terminals.copied_keys import copies_stopped
from services.identity.terminals.locating import Origin, Place
from shared.refusals import NotFound, Refusal
from shared.runtime import Runtime
from shared.work import About, Work

ACTION = "sign_in.reset_password"


def reset_password(
    runtime: Runtime, origin: Origin, *, username: str, code: str, new_password: str, new_password_again: str
) -> None:
    """Only at the person's own place of work, and a few tries a day: one code is less than a password and a code.

    Raises Refusal R33 or R36 (also for a user who does not exist, or a place from which they may not sign in), Invalid
    for the password, NotFound where policy does not allow it.
    """
    with copies_stopped(runtime), runtime.work(nobody_at(None), ACTION) as work:
        if not work.policy.flag("sign_in.self_service_reset", work.today):
            raise NotFound
        place = located(work, origin)
        work.principal = nobody_at(place)
        person = _find(work, username)
        refusal = _why_not(work, place, person, username, code)
        if refusal is not None:
            note_refusal(work, ACTION, refusal, person.id if person else None, place)
        elif person is not None:
            check_password(person, new_password, new_password_again)
            credential = work.session.get_one(Credential, person.id)
            set_password(work, credential, new_password)
            end_all_sessions(work, person.id)
            tell(work, person, "password_reset", cpc=True)
            work.audit(ACTION, About("person", person.id))
    if refusal is not None:
        raise refusal


def _find(work: Work, username: str) -> Person | None:
    query = select(Person).join(Credential, Credential.person_id == Person.id)
    found = work.session.execute(
        query.where(Person.username == username.strip().lower())
    ).scalar_one_or_none()
    return found if found is not None and keeps_own(work, found.agency) else None


def _why_not(work: Work, place: Place, person: Person | None, username: str, code: str) -> Refusal | None:
    """Whatever is amiss with the account is said at sign-in, to whoever has the password."""
    counted = throttling.keys_of_reset(work.session, username, place, work.system_now)
    if wait := throttling.minutes_to_wait(work.session, counted, work.system_now):
        return Refusal("R33", minutes=wait)
    if person is not None and _at_work(work, person, place) and spend_code(work, person.id, code):
        return None
    throttling.count_failure(work.session, counted, work.system_now)
    return Refusal("R36")


def _at_work(work: Work, person: Person, place: Place) -> bool:
    asking = gather(work.session, work.policy, person, place, work.today, secure_office=True)
    return not any(each.code in OF_THE_PLACE for each in refusals(asking, work.today))
