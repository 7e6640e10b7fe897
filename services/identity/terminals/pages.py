"""Enrolling a terminal: the page that shows its code once, and the page at the machine that takes it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request

from services.identity import cookies
from services.identity.sign_in.origin import origin
from services.identity.terminals.enrolling import enrol, make_code
from services.identity.terminals.schemas import EnrolInput
from shared.refusals import Invalid, Refusal
from shared.web import guard
from shared.web.forms import form_view, load_form

pages = Blueprint("terminals", __name__)
ENROL = "/identity/terminals/enrol"
_TRY_AGAIN = frozenset({401, 429})
# Browsers keep a cookie for 400 days at most; each sign-in gives a new one.
_LASTS = 400 * 24 * 3600


@pages.get("/terminals/<uuid:terminal_id>/enrolment-code")
def ask_code(terminal_id: UUID) -> Any:
    guard.runtime().ask_recent_sign_in(guard.admit("signed_in"))
    return render_template("terminals/enrolment_code.html", made=None, terminal_id=terminal_id)


@pages.post("/terminals/<uuid:terminal_id>/enrolment-code")
def show_code(terminal_id: UUID) -> Any:
    """No command: its answer must never be remembered for a second sending."""
    known = guard.admit("signed_in")
    guard.check_form(known)
    made = make_code(guard.runtime(), known, terminal_id)
    return render_template("terminals/enrolment_code.html", made=made, terminal_id=terminal_id)


@pages.get("/terminals/enrol")
def show_enrolment() -> str:
    guard.visitor()
    return _page()


@pages.post("/terminals/enrol")
def send_enrolment() -> Any:
    guard.check_form(guard.visitor())
    try:
        key = enrol(guard.runtime(), origin(), **load_form(EnrolInput, request.form))
    except Invalid as invalid:
        return _page(invalid.errors), 422
    except Refusal as refusal:
        if refusal.status not in _TRY_AGAIN:
            raise
        said = (
            "The asset tag or the code is not right."
            if refusal.status == HTTPStatus.UNAUTHORIZED
            else refusal.message
        )
        return _page({"code": [said]}), refusal.status
    answer: Response = make_response(redirect(f"{ENROL}?done", 303))
    cookies.give(answer, cookies.DEVICE, key, max_age=_LASTS)
    return answer


def _page(errors: dict[str, Any] | None = None) -> str:
    values = request.form.copy()
    values.pop("code", None)
    form = form_view(EnrolInput, values, errors)
    return render_template("terminals/enrol.html", form=form, action=ENROL, enrolled="done" in request.args)
