"""The pages for whoever has no password: with a code that an administrator handed over, or with a one-time code."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.datastructures import MultiDict

from services.identity import cookies
from services.identity.sign_in import recovery, self_service
from services.identity.sign_in.origin import origin
from services.identity.sign_in.outcomes import StartAgain
from services.identity.sign_in.schemas import ForgottenInput, RecoverInput, RecoveryCodeInput
from shared.refusals import Invalid, Refusal
from shared.web import guard
from shared.web.forms import form_view, load_form

pages = Blueprint("recovery", __name__)
CODE, NEW, FORGOTTEN = "/identity/recover", "/identity/recover/new", "/identity/forgotten"
SIGN_IN = "/identity/sign-in"
_LASTS = 15 * 60


@pages.get("/recover")
def ask_code() -> str:
    guard.visitor()
    return _code_page({})


@pages.get("/recover/<code>")
def follow_link(code: str) -> str:
    """Fills the code in and does nothing more, since whatever looks at a link for safety would use it up."""
    guard.visitor()
    return _code_page({"code": code})


@pages.post("/recover")
def take_code() -> Any:
    guard.check_form(guard.visitor())
    try:
        code = load_form(RecoveryCodeInput, request.form)["code"]
        recovery.find(guard.runtime(), origin(), code)
    except Invalid as invalid:
        return _code_page(request.form, invalid.errors), 422
    except Refusal as refusal:
        return _code_page(request.form, {"code": [refusal.message]}), refusal.status
    answer = make_response(redirect(NEW, 303))
    cookies.give(answer, cookies.RECOVERY, code, strict=True, max_age=_LASTS)
    return answer


@pages.get("/recover/new")
def show_new() -> Any:
    guard.visitor()
    return _new_page()


@pages.post("/recover/new")
def set_new() -> Any:
    guard.check_form(guard.visitor())
    code = cookies.of(request, cookies.RECOVERY) or ""
    try:
        recovery.use(guard.runtime(), origin(), code, **load_form(RecoverInput, request.form))
    except Invalid as invalid:
        return _new_page(invalid.errors, 422)
    except StartAgain:
        return redirect(CODE, 303)
    answer = make_response(redirect(f"{SIGN_IN}?recovered", 303))
    cookies.take_back(answer, cookies.RECOVERY)
    return answer


@pages.get("/forgotten")
def show_forgotten() -> str:
    guard.visitor()
    return _forgotten_page()


@pages.post("/forgotten")
def reset() -> Any:
    guard.check_form(guard.visitor())
    try:
        self_service.reset_password(guard.runtime(), origin(), **load_form(ForgottenInput, request.form))
    except Invalid as invalid:
        return _forgotten_page(invalid.errors), 422
    except Refusal as refusal:
        return _forgotten_page({"code": [refusal.message]}), refusal.status
    return redirect(f"{SIGN_IN}?recovered", 303)


def _code_page(values: Any, errors: dict[str, Any] | None = None) -> str:
    form = form_view(RecoveryCodeInput, values, errors)
    return render_template("sign_in/recover.html", form=form, button="Continue", action=CODE)


def _new_page(errors: dict[str, Any] | None = None, status: int = 200) -> Any:
    try:
        found = recovery.find(guard.runtime(), origin(), cookies.of(request, cookies.RECOVERY) or "")
    except Refusal:
        return redirect(CODE, 303)
    form = form_view(RecoverInput, MultiDict(), errors)
    page = render_template("sign_in/recover.html", form=form, button="Save", action=NEW, recovering=found)
    return page, status


def _forgotten_page(errors: dict[str, Any] | None = None) -> str:
    values = MultiDict([("username", request.form.get("username", ""))])
    form = form_view(ForgottenInput, values, errors)
    return render_template("sign_in/forgotten.html", form=form, button="Set the password", action=FORGOTTEN)
