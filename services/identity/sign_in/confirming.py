"""Proving again, within an open session, who one is: asked for before sensitive acts (`recent_sign_in`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.identity.agency_sign_in.passwords import Right, is_right
from services.identity.opaque_ids import hashed, new_secret
from services.identity.passkeys.answering import challenge_options
from services.identity.passkeys.ceremonies import new_challenge
from services.identity.passkeys.own import ANSWER_WITHIN
from services.identity.people.models import Person
from services.identity.sessions.models import SignInSession
from services.identity.sign_in import throttling
from services.identity.sign_in.facts import gather
from services.identity.sign_in.models import Credential
from services.identity.sign_in.outcomes import located, note_refusal
from services.identity.sign_in.rules import Refused, decide
from services.identity.sign_in.second_factor import Proof, proves
from services.identity.terminals.copied_keys import copies_stopped
from services.identity.terminals.locating import Origin, Place
from services.identity.tokens.holders import whom_to_ask
from shared.access.principal import Principal
from shared.refusals import Refusal
from shared.runtime import Runtime
from shared.web.display import shown
from shared.web.guard import SignedOut
from shared.work import About, Work

ACTION = "session.confirm"
# What the browser had sent with its old id when the new one came.
ON_ITS_WAY = timedelta(seconds=30)


def confirm(
    runtime: Runtime, known: Principal, origin: Origin, *, password: str, code: str = "", passkey: str = ""
) -> str | None:
    """Renews the session's `auth_time`; returns the browser's new opaque id, so that no edge keeps the old answer.

    None where the same form had been sent twice: the first sending has confirmed, and brought the new id. Raises
    Refusal R33, R36, or whatever a sign-in from here would be refused for; SignedOut without a session.
    """
    with copies_stopped(runtime), runtime.work(known, ACTION) as work:
        outcome = _try(work, known, origin, password, Proof(code, passkey))
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def _try(work: Work, known: Principal, origin: Origin, password: str, proof: Proof) -> str | Refusal | None:
    """Whatever comes of it is committed: the code is spent, the failure counted, the refusal audited."""
    opened = work.session.get(SignInSession, known.session_id, with_for_update=True)
    if opened is None or opened.ended_at is not None:
        raise SignedOut
    if known.auth_time < opened.proved_at and work.system_now - opened.proved_at < ON_ITS_WAY:
        work.audit(ACTION, About("session", opened.id, facts={"sent_again": True}))
        return None
    person = work.session.get_one(Person, known.person_id)
    place = located(work, origin)
    refusal = _why_not(work, person, place, opened, password, proof)
    if refusal is not None:
        note_refusal(work, ACTION, refusal, person.id, place)
        return refusal
    work.audit(ACTION, About("session", opened.id))
    return renew(work, opened)


def passkey_options(runtime: Runtime, known: Principal) -> str:
    """A new challenge for this session's passkeys, as JSON for the browser; empty where the person has none."""
    with runtime.work(known, ACTION) as work:
        opened = work.session.get(SignInSession, known.session_id, with_for_update=True)
        challenge = new_challenge()
        options = challenge_options(work, known.person_id, challenge) if opened else ""
        if opened is not None and options:
            opened.challenge, opened.challenge_until = challenge, work.system_now + ANSWER_WITHIN
        return options


def live_challenge(opened: SignInSession, now: datetime) -> bytes | None:
    """Taken out, since each is answered once."""
    challenge, until = opened.challenge, opened.challenge_until
    opened.challenge = None
    return challenge if until is not None and until > now else None


def renew(work: Work, opened: SignInSession) -> str:
    """The same session under a new opaque id, its person proved just now."""
    secret = new_secret()
    opened.previous_hash, opened.previous_until = opened.secret_hash, work.system_now + ON_ITS_WAY
    opened.secret_hash = hashed(secret)
    opened.proved_at = opened.last_seen_at = work.system_now
    return secret


def _why_not(
    work: Work, person: Person, place: Place, opened: SignInSession, password: str, proof: Proof
) -> Refusal | None:
    counted = throttling.keys_of_sign_in(work.session, person.username, place, work.system_now)
    if wait := throttling.minutes_to_wait(work.session, counted, work.system_now):
        return Refusal("R33", minutes=wait)
    credential = work.session.get(Credential, person.id)
    right = is_right(work, person, credential, password)
    if right is Right.UNKNOWN:
        return Refusal("R46")
    if not (right and proves(work, person.id, proof, live_challenge(opened, work.system_now))):
        throttling.count_failure(work.session, counted, work.system_now)
        return Refusal("R36")
    throttling.forgive(work.session, counted, work.system_now)
    return _of_the_place(work, person, place, secure_office=opened.secure_office)


def _of_the_place(work: Work, person: Person, place: Place, *, secure_office: bool) -> Refusal | None:
    """Whoever took a browser's cookie elsewhere is no further with it."""
    asking = gather(work.session, work.policy, person, place, work.today, secure_office=secure_office)
    decision = decide(asking, work.today)
    if not isinstance(decision, Refused):
        return None
    fills = {name: shown(value) for name, value in decision.fills.items()}
    return Refusal(decision.code, contact=whom_to_ask(work.session, person), **fills)  # type: ignore[arg-type]
