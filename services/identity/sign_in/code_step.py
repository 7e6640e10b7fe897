"""The second step: the one-time code, and then the rules of who may open a session from where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.identity.accounts.states import note_whole_session
from services.identity.log_on_audit.supervision import note_logged_on
from services.identity.opaque_ids import hashed, new_secret
from services.identity.people.models import Person
from services.identity.sessions.models import SignInSession
from services.identity.sessions.principals import principal_of
from services.identity.sign_in import throttling
from services.identity.sign_in.facts import gather
from services.identity.sign_in.models import SignInStep
from services.identity.sign_in.outcomes import StartAgain, located, nobody_at, note_refusal, refuse
from services.identity.sign_in.password_step import find_step
from services.identity.sign_in.rules import Opens, Refused, decide
from services.identity.sign_in.second_factor import Proof, proves
from services.identity.terminals.copied_keys import copies_stopped
from services.identity.terminals.device_keys import replace_key
from services.identity.terminals.locating import Origin, Place
from services.identity.tokens.holders import cpc_concerned, whom_to_ask
from services.identity.vetting.consequences import tokens_at_log_on
from shared.events.identity.sign_in import SESSION_REFUSED
from shared.refusals import Refusal
from shared.runtime import Runtime
from shared.web.display import shown
from shared.work import About, Work

CODE, OPEN = "sign_in.code", "session.open"


@dataclass(frozen=True)
class Opened:
    """`secret` is the opaque id for the browser, `device_key` the new key of the terminal that it runs on, `browser`
    the mark by which failed attempts from this browser are counted from now on.
    """

    secret: str
    session_id: UUID
    scope: str
    browser: str
    device_key: str | None = None


@dataclass(frozen=True)
class WrongCode:
    person_id: UUID
    place: Place
    counted: tuple[throttling.Key, ...]

    def count(self, work: Work) -> None:
        throttling.count_failure(work.session, self.counted, work.system_now)


def give_code(
    runtime: Runtime, origin: Origin, step: str, code: str = "", *, secure_office: bool, passkey: str = ""
) -> Opened:
    """Open a session. Raises Refusal (R33, R36, or why no session may open), or StartAgain."""
    with copies_stopped(runtime), runtime.work(nobody_at(None), CODE) as work:
        outcome = _try(work, origin, step, Proof(code, passkey), secure_office=secure_office)
    if isinstance(outcome, WrongCode):
        wrong = outcome
        raise refuse(runtime, CODE, Refusal("R36"), wrong.place, wrong.person_id, wrong.count)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def _try(
    work: Work, origin: Origin, step: str, proof: Proof, *, secure_office: bool
) -> Opened | WrongCode | Refusal:
    """Whatever comes of it is committed: a code that was taken is spent, a refusal is audited and told."""
    found = find_step(work, step, lock=True)
    if found is None:
        raise StartAgain
    place = located(work, origin)
    work.principal = nobody_at(place)
    person = work.session.get_one(Person, found.person_id)
    counted = throttling.keys_of_sign_in(work.session, person.username, place, work.system_now)
    wait = throttling.minutes_to_wait(work.session, counted, work.system_now)
    if wait:
        refusal = Refusal("R33", minutes=wait)
        note_refusal(work, CODE, refusal, person.id, place)
        return refusal
    if not _take(work, found, person, proof):
        return WrongCode(person.id, place, counted)
    throttling.forgive(work.session, counted, work.system_now)
    decision = decide(
        gather(work.session, work.policy, person, place, work.today, secure_office=secure_office), work.today
    )
    if isinstance(decision, Refused):
        return _refused(work, person, place, decision)
    return _open(work, person, place, decision, secure_office=secure_office)


def _take(work: Work, step: SignInStep, person: Person, proof: Proof) -> bool:
    """Spend the code or the passkey's answer, and the step with it."""
    if not proves(work, person.id, proof, step.challenge):
        step.tries_left -= 1
        return False
    work.session.delete(step)
    return True


def _refused(work: Work, person: Person, place: Place, decision: Refused) -> Refusal:
    """Audited, and the CPC is told, in one transaction (PF-6.1.1, PF-6.6.1)."""
    contact = whom_to_ask(work.session, person)
    fills: dict[str, Any] = {name: shown(value) for name, value in decision.fills.items()}
    refusal = Refusal(decision.code, contact=contact, **fills)
    note_refusal(work, OPEN, refusal, person.id, place)
    data = {"refusal_code": decision.code, "person_id": person.id, "terminal": place.terminal_tag}
    cpc = cpc_concerned(work.session, person.unit, person.agency)
    work.emit(SESSION_REFUSED, data, aggregate=("person", person.id), to=[cpc])
    return refusal


def _open(work: Work, person: Person, place: Place, opens: Opens, *, secure_office: bool) -> Opened:
    secret, device_key = new_secret(), _new_key(work, place)
    opened = SignInSession(
        secret_hash=hashed(secret),
        person_id=person.id,
        scope=opens.scope,
        terminal_id=place.terminal.id if place.terminal else None,
        network_id=place.network.id if place.network else None,
        secure_office=secure_office,
        held_up=_held_up(opens.because),
        by_device_key=place.by_device_key,
        opened_at=work.system_now,
        proved_at=work.system_now,
        last_seen_at=work.system_now,
    )
    work.session.add(opened)
    if opens.scope == "full":
        if note_whole_session(work, person):
            note_logged_on(work, person)
        tokens_at_log_on(work, person)
    work.session.flush()
    work.principal = principal_of(work.session, opened, person, work.runtime.settings.issuer)
    facts = {"scope": opens.scope, "network": place.network.building if place.network else None}
    work.audit(OPEN, About("session", opened.id, facts=facts))
    browser = throttling.know(work.session, person.username, place, work.system_now)
    return Opened(secret, opened.id, opens.scope, browser, device_key)


def _held_up(because: Refused | None) -> dict[str, Any] | None:
    if because is None:
        return None
    return {"code": because.code, "fills": {name: shown(value) for name, value in because.fills.items()}}


def _new_key(work: Work, place: Place) -> str | None:
    """Each sign-in replaces the terminal's device key, so that a copy of it gives itself away."""
    if place.terminal is None or not place.by_device_key:
        return None
    grace = work.policy.period("terminals.key_grace", work.today).length
    return replace_key(work.session, place.terminal, work.system_now, grace)
