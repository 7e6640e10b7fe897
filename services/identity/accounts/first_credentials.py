"""A first password and secret for one-time codes, seen once by the operator who makes the first account."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from services.identity.people.models import Person
from services.identity.sessions.ending import end_sessions_of
from services.identity.sign_in import one_time_codes, passwords
from services.identity.sign_in.models import Credential
from shared.work import Work


@dataclass(frozen=True)
class FirstCredentials:
    """`address` is what an authenticator app reads; `secret` what is typed where it cannot."""

    username: str
    password: str
    secret: str
    address: str


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
