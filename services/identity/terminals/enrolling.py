"""Giving an approved terminal its device key: a code made by the CPC or the lead, typed once at the machine itself."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from services.identity.opaque_ids import hashed, new_secret
from services.identity.sign_in import throttling
from services.identity.sign_in.outcomes import nobody_at, refuse
from services.identity.terminals.locating import Origin, Place, locate
from services.identity.terminals.models import EnrolmentCode, Terminal
from services.identity.terminals.rules import why_not_look_after
from services.identity.terminals.standing import standing_to, terminal_or_404
from services.identity.terminals.withdrawing import end_sessions_at, forget_keys
from shared.access.principal import Principal
from shared.refusals import Refusal
from shared.runtime import Runtime
from shared.time.periods import due
from shared.work import About, Work

MAKE, ENROL = "terminals.make_enrolment_code", "terminals.enrol"
# Without letters and digits that are taken for each other; 10 of 31 are 49 bits.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH = 10


@dataclass(frozen=True)
class MadeCode:
    """Seen this once by whoever made it."""

    asset_tag: str
    code: str
    expires_at: datetime


def make_code(runtime: Runtime, principal: Principal, terminal_id: object) -> MadeCode:
    """A new code takes the place of one that was not used. Raises Refusal R11, R31 or R34, audited."""
    runtime.ask_recent_sign_in(principal)
    with runtime.work(principal, MAKE) as work:
        terminal = terminal_or_404(work, terminal_id)  # type: ignore[arg-type]
        refusal = _why_no_code(work, terminal)
        outcome, code = ("refused", refusal.code) if refusal else ("done", None)
        work.audit(MAKE, work.about, outcome=outcome, refusal_code=code)  # type: ignore[arg-type]
        made = None if refusal else new_code(work, terminal)
    if made is None:
        raise refusal or Refusal("R24")
    return made


def enrol(runtime: Runtime, origin: Origin, asset_tag: str, code: str) -> str:
    """The terminal's new device key, for its cookie; any key it had counts no more.

    Raises Refusal: R10 from anywhere but a cable network of the terminal's own unit (PF-6.6.4), R33 after too many
    tries, R39 for a terminal that is not approved, R36 where the code is not right.
    """
    tag = asset_tag.strip().upper()
    with runtime.work(nobody_at(None), ENROL) as work:
        place = locate(work.session, origin, work.system_now, demonstration=runtime.demonstration)
        work.principal = nobody_at(place)
        counted = throttling.keys(f"terminal {tag}", place.key)
        wait = throttling.minutes_to_wait(work.session, counted, work.system_now)
        terminal = _find(work, tag)
        refusal = Refusal("R33", minutes=wait) if wait else _why_not_enrol(work, terminal, place, code)
        if refusal is None and terminal is not None:
            return _enrolled(work, terminal, counted)

    def count(work: Work) -> None:
        throttling.count_failure(work.session, counted, work.system_now)

    assert refusal is not None  # noqa: S101 - without one the key was returned
    raise refuse(runtime, ENROL, refusal, place, also=count)


def _find(work: Work, tag: str) -> Terminal | None:
    found = select(Terminal).where(Terminal.asset_tag == tag).with_for_update()
    return work.session.execute(found).scalar_one_or_none()


def _why_no_code(work: Work, terminal: Terminal) -> Refusal | None:
    refused = why_not_look_after(standing_to(work.session, work.principal, terminal.unit))
    if refused is not None:
        return Refusal(refused.code, **dict(refused.fills))  # type: ignore[arg-type]
    if terminal.status != "approved":
        return Refusal("R39", why="it gets its device key once it is approved")
    return None


def new_code(work: Work, terminal: Terminal, lasts: str = "terminals.enrolment_code_lasts") -> MadeCode:
    """In place of one that was not used; `lasts` is the policy value that says how long it counts."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    expires = due(work.system_now, work.policy.period(lasts, work.today), "ENG").at
    work.session.merge(
        EnrolmentCode(
            terminal_id=terminal.id,
            code_hash=hashed(code),
            made_by=work.principal.person_id,
            expires_at=expires,
            tries_left=5,
        )
    )
    half = _LENGTH // 2
    return MadeCode(terminal.asset_tag, f"{code[:half]}-{code[half:]}", expires)


def operators_code(runtime: Runtime, asset_tag: str, authority: str) -> MadeCode:
    """For an operator, where nobody can sign in any more since the only terminal lost its key. Raises Refusal R39."""
    with runtime.system_work(MAKE) as work:
        terminal = _find(work, asset_tag.strip().upper())
        if terminal is None or terminal.status != "approved":
            raise Refusal("R39", why="no approved terminal has this asset tag")
        work.audit(MAKE, About("terminal", terminal.id, facts={"authority": authority}))
        return new_code(work, terminal)


def _why_not_enrol(work: Work, terminal: Terminal | None, place: Place, code: str) -> Refusal | None:
    """An unknown terminal, one without a code and a wrong code look alike."""
    if place.network is None or place.network.kind == "wifi":
        return Refusal("R10", agency="prison", place="location")
    stored = work.session.get(EnrolmentCode, terminal.id, with_for_update=True) if terminal else None
    if terminal is None or stored is None or not _right(work, stored, code):
        return Refusal("R36")
    if terminal.unit != place.network.unit:
        return Refusal("R10", agency="prison", place="location")
    return None if terminal.status == "approved" else Refusal("R09")


def _right(work: Work, stored: EnrolmentCode, code: str) -> bool:
    """Each wrong code costs one of five tries, whoever types it."""
    plain = "".join(letter for letter in code.upper() if letter in _ALPHABET)
    if stored.tries_left <= 0 or stored.expires_at <= work.system_now:
        return False
    if hmac.compare_digest(hashed(plain), stored.code_hash):
        return True
    stored.tries_left -= 1
    return False


def _enrolled(work: Work, terminal: Terminal, counted: tuple[throttling.Key, ...]) -> str:
    key = new_secret()
    forget_keys(work.session, terminal)
    terminal.device_key_hash, terminal.enrolled_at = hashed(key), work.system_now
    code = work.session.get(EnrolmentCode, terminal.id)
    if code is not None:
        work.session.delete(code)
    throttling.forgive(work.session, counted, work.system_now)
    ended = end_sessions_at(work, terminal, "device_key_replaced")
    facts = {"unit": terminal.unit, "sessions_ended": ended}
    work.audit(ENROL, About("terminal", terminal.id, facts=facts))
    return key
