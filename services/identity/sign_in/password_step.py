"""The first step: user name and password. Its answer and its time say nothing of whether there is such a user."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.identity.agency_sign_in.passwords import Right, is_right
from services.identity.opaque_ids import hashed, new_secret
from services.identity.passkeys.answering import challenge_options
from services.identity.passkeys.ceremonies import new_challenge
from services.identity.people.models import Agency, Person
from services.identity.sign_in import passwords, throttling
from services.identity.sign_in.models import Credential, SignInStep
from services.identity.sign_in.outcomes import StartAgain, located, nobody_at, refuse
from services.identity.terminals.copied_keys import copies_stopped
from services.identity.terminals.locating import Origin
from shared.refusals import Refusal
from shared.runtime import Runtime
from shared.work import About, Work

ACTION = "sign_in.password"
STEP_LASTS = timedelta(minutes=5)


def give_password(runtime: Runtime, origin: Origin, username: str, password: str) -> str:
    """The opaque id of the step that follows. Raises Refusal R33 (too many attempts), R36 (not right)
    or R46 (who knows the password cannot be asked).
    """
    with copies_stopped(runtime), runtime.work(nobody_at(None), ACTION) as work:
        place = located(work, origin)
        work.principal = nobody_at(place)
        counted = throttling.keys_of_sign_in(work.session, username, place, work.system_now)
        wait = throttling.minutes_to_wait(work.session, counted, work.system_now)
        person, credential = _find(work.session, username)
        right = is_right(work, person, credential, password)
        if person is not None and credential is not None and right and not wait:
            if right is not Right.BY_DIRECTORY and passwords.is_dated(credential.password_hash):
                credential.password_hash = passwords.hash_password(password)
            return begin_step(work, person)
    person_id = person.id if person else None
    if wait:
        raise refuse(runtime, ACTION, Refusal("R33", minutes=wait), place, person_id)
    if right is Right.UNKNOWN:
        raise refuse(runtime, ACTION, Refusal("R46"), place, person_id)

    def count(work: Work) -> None:
        throttling.count_failure(work.session, counted, work.system_now)

    raise refuse(runtime, ACTION, Refusal("R36"), place, person_id, count)


def asks_attestation(runtime: Runtime, step: str) -> bool:
    """Whether the person of this step must say that the office is secure (PF-6.6.3); raises StartAgain."""
    with runtime.system_work(ACTION) as work:
        found = find_step(work, step)
        if found is None:
            raise StartAgain
        person = work.session.get_one(Person, found.person_id)
        return work.session.get_one(Agency, person.agency).kind == "probation"


def passkey_options(runtime: Runtime, step: str) -> str:
    """A new challenge for the passkeys of this step's person, as JSON; empty where there is none."""
    with runtime.system_work(ACTION) as work:
        found = find_step(work, step, lock=True)
        challenge = new_challenge()
        options = challenge_options(work, found.person_id, challenge) if found else ""
        if found is not None and options:
            found.challenge = challenge
        return options


def find_step(work: Work, step: str, *, lock: bool = False) -> SignInStep | None:
    query = select(SignInStep).where(
        SignInStep.secret_hash == hashed(step),
        SignInStep.expires_at > work.system_now,
        SignInStep.tries_left > 0,
    )
    return work.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()


def _find(session: Session, username: str) -> tuple[Person | None, Credential | None]:
    row = session.execute(
        select(Person, Credential)
        .join(Credential, Credential.person_id == Person.id)
        .where(Person.username == username.strip().lower())
    ).first()
    return (None, None) if row is None else (row.Person, row.Credential)


def begin_step(work: Work, person: Person, action: str = ACTION) -> str:
    """The opaque id of the second step, which follows a right password or a provider's word."""
    work.session.execute(delete(SignInStep).where(SignInStep.expires_at <= work.system_now))
    secret = new_secret()
    step = SignInStep(
        secret_hash=hashed(secret), person_id=person.id, expires_at=work.system_now + STEP_LASTS
    )
    work.session.add(step)
    work.audit(action, About("person", person.id))
    return secret
