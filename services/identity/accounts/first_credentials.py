"""A first (or new) password and secret for one-time codes, seen once by the administrator who hands them over."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import UUID

from services.identity.accounts.finding import person_or_404
from services.identity.people.models import Person
from services.identity.sessions.ending import end_sessions_of
from services.identity.sign_in import one_time_codes, passwords
from services.identity.sign_in.models import Credential
from shared.access.principal import Principal
from shared.refusals import Refusal
from shared.runtime import Runtime
from shared.work import About, Work

ACTION = "accounts.first_credentials"


@dataclass(frozen=True)
class FirstCredentials:
    """`address` is what an authenticator app reads; `secret` what is typed where it cannot."""

    username: str
    password: str
    secret: str
    address: str


def issue(runtime: Runtime, principal: Principal, person_id: UUID) -> FirstCredentials:
    """For administrators, never for themselves. Raises Refusal R11 or R23, audited in its own transaction."""
    with runtime.work(principal, ACTION) as work:
        person = person_or_404(work, person_id, lock=True)
        refusal = _why_not(principal, person)
        code = refusal.code if refusal else None
        outcome = "refused" if refusal else "done"
        work.audit(ACTION, About("person", person.id), outcome=outcome, refusal_code=code)  # type: ignore[arg-type]
        made = None if refusal else make(work, person)
    if refusal is not None or made is None:
        raise refusal or Refusal("R11")
    return made


def make(work: Work, person: Person) -> FirstCredentials:
    """Replaces what was there and ends the sessions opened with it."""
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    secret = one_time_codes.new_secret()
    work.session.merge(
        Credential(
            person_id=person.id,
            password_hash=passwords.hash_password(password),
            code_secret=work.runtime.encrypt(None, one_time_codes.PURPOSE, secret),
            last_step=0,
            changed_at=work.system_now,
        )
    )
    end_sessions_of(work, person.id, "credentials_replaced")
    return FirstCredentials(
        person.username, password, secret, one_time_codes.address_for_app(secret, person.username)
    )


def _why_not(principal: Principal, person: Person) -> Refusal | None:
    if not principal.holds("admin"):
        return Refusal("R11", token="admin")  # noqa: S106 - the name of an access right
    return Refusal("R23", subject="account") if person.id == principal.person_id else None
