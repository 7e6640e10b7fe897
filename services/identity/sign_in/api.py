"""Signing in for programs that act for a person: the same two steps in JSON; the session comes as its cookie."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify

from services.identity import cookies
from services.identity.json_input import loaded
from services.identity.sign_in.code_step import give_code
from services.identity.sign_in.confirming import confirm
from services.identity.sign_in.origin import origin
from services.identity.sign_in.outcomes import StartAgain
from services.identity.sign_in.pages import sent_step, session_cookie
from services.identity.sign_in.password_step import asks_attestation, give_password
from services.identity.sign_in.schemas import ConfirmInput, OfficeCodeInput, PasswordInput
from shared.web import guard, problems

api = Blueprint("sign_in_api", __name__)


@api.post("/api/sign-in")
def send_password() -> Any:
    """`{"username", "password"}` → `{"asks_attestation"}` and the cookie of the next step."""
    given = loaded(PasswordInput)
    step = give_password(guard.runtime(), origin(), **given)
    answer = jsonify(asks_attestation=asks_attestation(guard.runtime(), step))
    cookies.give(answer, cookies.STEP, step, strict=True, max_age=300)
    return answer


@api.post("/api/sign-in/code")
def send_code() -> Any:
    """`{"code", "secure_office"}` → `{"session_id", "scope"}` and the session's cookie."""
    given = loaded(OfficeCodeInput)
    try:
        opened = give_code(guard.runtime(), origin(), sent_step(), **given)
    except StartAgain:
        return problems.problem(
            401, "START_AGAIN", "That sign-in is over. Send the user name and password again."
        )
    return session_cookie(jsonify(session_id=str(opened.session_id), scope=opened.scope), opened)


@api.post("/api/sign-in/confirm")
def confirm_again() -> Any:
    """`{"password", "code"}` → `{"done"}`, the session's `auth_time` renewed and its cookie replaced."""
    known = guard.admit("onboarding")
    secret = confirm(guard.runtime(), known, origin(), **loaded(ConfirmInput))
    answer = jsonify(done=True)
    if secret is not None:
        cookies.give(answer, cookies.SESSION, secret)
    return answer
