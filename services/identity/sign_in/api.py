"""Signing in for programs that act for a person: the same steps in JSON; the session comes as its cookie.

No commands: what they answer must never be remembered for a second sending.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, jsonify

from services.identity import cookies
from services.identity.sign_in.code_step import give_code
from services.identity.sign_in.confirming import confirm
from services.identity.sign_in.origin import origin
from services.identity.sign_in.outcomes import StartAgain
from services.identity.sign_in.pages import sent_step, session_cookie
from services.identity.sign_in.password_step import asks_attestation, give_password, passkey_options
from services.identity.sign_in.recovery import issue
from services.identity.sign_in.schemas import (
    ConfirmInput,
    OfficeCodeInput,
    OpenedAnswer,
    PasswordInput,
    RecoveryCodeAnswer,
    StepAnswer,
)
from shared.web import guard, problems
from shared.web.documented import endpoint
from shared.web.openapi import LateBlueprint
from shared.web.schemas import Done

api = LateBlueprint("sign_in_api", __name__, description="Signing in, and proving again who one is.")


@endpoint(
    api,
    "/api/sign-in",
    takes=PasswordInput,
    gives=StepAnswer,
    says="Give the code next: the cookie says for whom",
    refuses={401: "R36: not right", 429: "R33: too many attempts"},
)
def send_password(given: dict[str, Any]) -> Response:
    """Give user name and password

    `asks_attestation` says that the person must say that the office is secure (PF-6.6.3); `passkey` is what a browser
    may ask one of their passkeys, empty where they have none.
    """
    step = give_password(guard.runtime(), origin(), **given)
    asked = asks_attestation(guard.runtime(), step)
    answer = jsonify(asks_attestation=asked, passkey=passkey_options(guard.runtime(), step))
    cookies.give(answer, cookies.STEP, step, strict=True, max_age=300)
    return answer


@endpoint(
    api,
    "/api/sign-in/code",
    takes=OfficeCodeInput,
    gives=OpenedAnswer,
    says="Signed in: the cookie is the session",
    refuses={
        401: "R36: not right; START_AGAIN: too late, or too many wrong codes",
        403: "Why no session may open, by its code",
        429: "R33: too many attempts",
    },
)
def send_code(given: dict[str, Any]) -> Response:
    """Give the one-time code, or a passkey's answer

    A terminal with a device key gets a new one as a cookie: keep it, the one before counts no more.
    """
    try:
        opened = give_code(guard.runtime(), origin(), sent_step(), **given)
    except StartAgain:
        return problems.problem(
            401, "START_AGAIN", "That sign-in is over. Send the user name and password again."
        )
    return session_cookie(jsonify(session_id=str(opened.session_id), scope=opened.scope), opened)


@endpoint(
    api,
    "/api/sign-in/confirm",
    takes=ConfirmInput,
    gives=Done,
    says="Proved: the cookie is the session's new id",
    refuses={401: "R36: not right; SIGNED_OUT: no session", 429: "R33: too many attempts"},
)
def confirm_again(given: dict[str, Any]) -> Response:
    """Prove again who one is

    Asked for by R31 before sensitive acts. The session goes on under a new id.
    """
    known = guard.admit("onboarding")
    secret = confirm(guard.runtime(), known, origin(), **given)
    answer = jsonify(done=True)
    if secret is not None:
        cookies.give(answer, cookies.SESSION, secret)
    return answer


@endpoint(
    api,
    "/api/people/<uuid:person_id>/recovery-code",
    gives=RecoveryCodeAnswer,
    says="The code, seen this once",
    refuses={403: "R11: not an administrator; R23: oneself"},
)
def make_recovery_code(person_id: UUID) -> Response:
    """Make a code with which somebody sets their password and one-time codes (PI-A.2)

    Asks for a recent sign-in.
    """
    made = issue(guard.runtime(), guard.admit("signed_in"), person_id)
    return jsonify(RecoveryCodeAnswer().dump(made))
