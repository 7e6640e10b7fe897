"""A code that lets somebody set a password and new one-time codes: an administrator hands it over, once (PI-A.2).

The way in for a new person, and for whoever lost both. The administrator sees the code, and neither the password nor
the secret that it leads to.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from services.identity.opaque_ids import hashed
from services.identity.passkeys.models import Passkey
from services.identity.people.models import Person
from services.identity.sign_in import one_time_codes, passwords, throttling
from services.identity.sign_in.credential_changes import check_password, end_all_sessions, tell
from services.identity.sign_in.models import Credential, RecoveryCode
from services.identity.sign_in.outcomes import StartAgain, located, nobody_at, refuse
from services.identity.terminals.copied_keys import copies_stopped
from services.identity.terminals.locating import Origin
from shared.access.principal import Principal
from shared.refusals import Invalid, NotFound, Refusal
from shared.runtime import Runtime
from shared.work import About, Work

ISSUE, FIND, USE = "sign_in.issue_recovery_code", "sign_in.find_recovery_code", "sign_in.recover"
# Without letters and digits that are taken for each other; 20 of 31 are 99 bits.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH = 20


@dataclass(frozen=True)
class MadeCode:
    """Seen this once by whoever made it. `link` opens the page with the code filled in."""

    username: str
    code: str
    link: str
    expires_at: datetime


@dataclass(frozen=True)
class Recovering:
    """Whom a code is for, and the secret that their new app is to be given."""

    username: str
    secret: str
    address: str


def issue(runtime: Runtime, principal: Principal, person_id: UUID) -> MadeCode:
    """For administrators, never for themselves. Raises Refusal R31, or R11 or R23 audited in its own transaction."""
    runtime.ask_recent_sign_in(principal)
    with runtime.work(principal, ISSUE) as work:
        person = work.session.get(Person, person_id, with_for_update=True)
        if person is None:
            raise NotFound
        refusal = _why_not(principal, person)
        code = refusal.code if refusal else None
        work.audit(
            ISSUE, About("person", person.id), outcome="refused" if refusal else "done", refusal_code=code
        )
        made = None if refusal else make(work, person)
    if made is None:
        raise refusal or Refusal("R24")
    return made


def make(work: Work, person: Person) -> MadeCode:
    """A new code takes the place of one that was not used. What the person has goes on until it is used."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    expires = work.system_now + work.policy.period("sign_in.recovery_code_lasts", work.today).length
    secret = work.runtime.encrypt(None, one_time_codes.PURPOSE, one_time_codes.new_secret())
    work.session.merge(
        RecoveryCode(
            person_id=person.id,
            code_hash=hashed(code),
            code_secret=secret,
            made_by=work.principal.person_id,
            made_at=work.system_now,
            expires_at=expires,
        )
    )
    shown = "-".join(code[at : at + 4] for at in range(0, _LENGTH, 4))
    link = f"{work.runtime.settings.origin}/identity/recover/{shown}"
    return MadeCode(person.username, shown, link, expires)


def find(runtime: Runtime, origin: Origin, code: str) -> Recovering:
    """Whom this code is for. Raises Refusal R33, or R45 for one that is not, no more, or used; guesses are counted.

    A right code counts also while others wait: nobody guesses 99 bits, and whoever tries shall keep nobody out.
    """
    with copies_stopped(runtime), runtime.work(nobody_at(None), FIND) as work:
        place = located(work, origin)
        work.principal = nobody_at(place)
        counted = throttling.keys("recovery code", place.key)
        wait = throttling.minutes_to_wait(work.session, counted, work.system_now)
        found = _found(work, code)
        if found is not None:
            return _recovering(work, found)

    def count(work: Work) -> None:
        if not wait:
            throttling.count_failure(work.session, counted, work.system_now)

    refusal = Refusal("R33", minutes=wait) if wait else Refusal("R45")
    raise refuse(runtime, FIND, refusal, place, also=count)


def use(
    runtime: Runtime, origin: Origin, code: str, *, new_password: str, new_password_again: str, app_code: str
) -> None:
    """Both are replaced, old passkeys removed, sessions ended. Raises Invalid, or StartAgain where the code is used.

    The account is known at this place from now on: the way in for whoever others keep waiting by guessing.
    """
    with copies_stopped(runtime), runtime.work(nobody_at(None), USE) as work:
        place = located(work, origin)
        found = _found(work, code, lock=True)
        if found is None:
            raise StartAgain
        person = work.session.get_one(Person, found.person_id)
        check_password(person, new_password, new_password_again)
        step = one_time_codes.step_of(_secret(work, found), app_code, work.system_now, 0)
        if step is None:
            raise Invalid(
                {"app_code": ["This is no code of the new app. Check its clock, and the key you typed."]}
            )
        credential = Credential(
            person_id=person.id,
            password_hash=passwords.hash_password(new_password),
            code_secret=found.code_secret,
            last_step=step,
            changed_at=work.system_now,
        )
        work.session.merge(credential)
        work.session.delete(found)
        work.session.execute(delete(Passkey).where(Passkey.person_id == person.id))
        end_all_sessions(work, person.id)
        throttling.forgive(work.session, throttling.keys(person.username, place.key), work.system_now)
        tell(work, person, "recovered", cpc=True)
        work.audit(USE, About("person", person.id))


def _found(work: Work, code: str, *, lock: bool = False) -> RecoveryCode | None:
    plain = "".join(letter for letter in code.upper() if letter in _ALPHABET)
    query = select(RecoveryCode).where(
        RecoveryCode.code_hash == hashed(plain), RecoveryCode.expires_at > work.system_now
    )
    return work.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()


def _recovering(work: Work, found: RecoveryCode) -> Recovering:
    person, secret = work.session.get_one(Person, found.person_id), _secret(work, found)
    return Recovering(
        person.username,
        one_time_codes.grouped(secret),
        one_time_codes.address_for_app(secret, person.username),
    )


def _secret(work: Work, found: RecoveryCode) -> str:
    return work.runtime.decrypt(None, one_time_codes.PURPOSE, found.code_secret)


def _why_not(principal: Principal, person: Person) -> Refusal | None:
    if not principal.holds("admin"):
        return Refusal("R11", token="admin")  # noqa: S106 - the name of an access right
    return Refusal("R23", subject="account") if person.id == principal.person_id else None
