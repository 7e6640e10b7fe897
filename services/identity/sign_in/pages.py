"""The two pages of signing in, and signing out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from services.identity import cookies
from services.identity.agency_sign_in.configured import directories
from services.identity.sessions.ending import sign_out_of
from services.identity.sign_in.code_step import Opened, give_code
from services.identity.sign_in.origin import origin
from services.identity.sign_in.outcomes import StartAgain
from services.identity.sign_in.password_step import asks_attestation, give_password, passkey_options
from services.identity.sign_in.schemas import CodeInput, OfficeCodeInput, PasswordInput
from services.identity.sign_in.shown_codes import code_of_step
from shared.refusals import Invalid, Refusal
from shared.web import guard
from shared.web.forms import form_view, load_form
from shared.web.schemas import Input

pages = Blueprint("sign_in", __name__)
SIGN_IN, CODE = "/identity/sign-in", "/identity/sign-in/code"
HOME, DOCUMENTS = "/", "/identity/documents"
# Wrong, or too often: the person tries again on the same page; every other refusal has a page of its own.
_TRY_AGAIN = frozenset({401, 429})


@pages.get("/sign-in")
def show_password() -> str:
    guard.visitor()
    values = {"username": request.args.get("username", "")} if guard.runtime().demonstration else {}
    return _page(PasswordInput, values=values, why=_why(request.args))


@pages.post("/sign-in")
def send_password() -> Any:
    guard.check_form(guard.visitor())
    try:
        given = load_form(PasswordInput, request.form)
        step = give_password(guard.runtime(), origin(), **given)
    except Invalid as invalid:
        return _page(PasswordInput, invalid.errors), 422
    except Refusal as refusal:
        if refusal.status not in _TRY_AGAIN:
            raise
        return _page(PasswordInput, {"username": [refusal.message]}), refusal.status
    answer = redirect(CODE, 303)
    cookies.give(_own(answer), cookies.STEP, step, strict=True, max_age=300)
    return answer


@pages.get("/sign-in/code")
def show_code() -> Any:
    guard.visitor()
    try:
        return _code_page(sent_step())
    except StartAgain:
        return redirect(f"{SIGN_IN}?late", 303)


@pages.post("/sign-in/code")
def send_code() -> Any:
    guard.check_form(guard.visitor())
    try:
        return _open(sent_step())
    except StartAgain:
        return redirect(f"{SIGN_IN}?late", 303)


@pages.post("/sign-out")
def sign_out() -> Any:
    known = guard.admit("onboarding")
    guard.check_form(known)
    sign_out_of(guard.runtime(), known)
    answer = redirect(f"{SIGN_IN}?signed-out", 303)
    cookies.take_back(_own(answer), cookies.SESSION)
    return answer


def session_cookie(answer: Response, opened: Opened) -> Response:
    cookies.give(answer, cookies.SESSION, opened.secret)
    # Lax: it also comes along when an agency's provider sends the browser back.
    cookies.give(answer, cookies.BROWSER, opened.browser, max_age=cookies.YEAR)
    if opened.device_key is not None:
        cookies.give(answer, cookies.DEVICE, opened.device_key, max_age=cookies.YEAR)
    cookies.take_back(answer, cookies.STEP)
    return answer


def _open(step: str) -> Any:
    schema = _code_schema(step)
    try:
        given = {"secure_office": False, **load_form(schema, request.form)}
        opened = give_code(guard.runtime(), origin(), step, **given)
    except Invalid as invalid:
        return _code_page(step, invalid.errors), 422
    except Refusal as refusal:
        if refusal.status not in _TRY_AGAIN:
            raise
        return _code_page(step, {"code": [refusal.message]}), refusal.status
    answer = redirect(HOME if opened.scope == "full" else DOCUMENTS, 303)
    return session_cookie(_own(answer), opened)


def _code_schema(step: str) -> type[Input]:
    return OfficeCodeInput if asks_attestation(guard.runtime(), step) else CodeInput


def _code_page(step: str, errors: dict[str, Any] | None = None) -> str:
    values = request.form.copy()
    for name in ("code", "passkey"):
        values.pop(name, None)
    form = form_view(_code_schema(step), values, errors)
    shown = code_of_step(guard.runtime(), step)
    return render_template(
        "sign_in/code.html",
        form=form,
        button="Sign in",
        action=CODE,
        shown_code=shown,
        passkey_options=passkey_options(guard.runtime(), step),
    )


def _page(schema: type[Input], errors: dict[str, Any] | None = None, **more: Any) -> str:
    values = more.pop("values", None) or request.form.copy()
    values.pop("password", None)
    form = form_view(schema, values, errors)
    providers = directories(guard.runtime().settings.directories).openid.values()
    return render_template(
        "sign_in/password.html", form=form, button="Continue", action=SIGN_IN, providers=providers, **more
    )


def sent_step() -> str:
    """The step that the browser holds; raises StartAgain."""
    step = cookies.of(request, cookies.STEP)
    if step is None:
        raise StartAgain
    return step


def _why(arguments: Mapping[str, str]) -> str:
    """Why somebody is here again."""
    return next((each for each in ("signed-out", "signed", "late", "recovered") if each in arguments), "")


def _own(answer: AnyResponse) -> Response:
    return make_response(answer)
