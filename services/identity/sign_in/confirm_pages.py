"""The page that asks for proof before a sensitive act, keeps what was typed meanwhile, and leads back.

A form that came too late arrives here whole, sent on by the browser itself (307); its fields travel through the page as
hidden ones named `kept:…`, and back to where they were typed. None of them is in an address, save those that say which
page it was.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.datastructures import MultiDict

from services.identity import cookies
from services.identity.agency_sign_in.configured import directories
from services.identity.sign_in.confirming import confirm, passkey_options
from services.identity.sign_in.origin import origin
from services.identity.sign_in.schemas import ConfirmInput
from services.identity.sign_in.shown_codes import code_of_person
from shared.access.principal import Principal
from shared.refusals import Invalid, Refusal
from shared.settings import SERVICES
from shared.web import guard
from shared.web.forms import PostedField, form_view, load_form, posted_fields

pages = Blueprint("confirm", __name__)
CONFIRM, CHECK = "/identity/confirm", "/identity/confirm/check"
KEPT, TO = "kept:", "_to"
_OURS = re.compile(rf"/(?:{'|'.join(SERVICES)})/[!-\[\]-~]*")
_TRY_AGAIN = frozenset({401, 429})


@pages.get("/confirm")
def show() -> str:
    """`to` is the page that the person wanted."""
    guard.admit("onboarding")
    return _page(request.args.get("to", ""), MultiDict())


@pages.post("/confirm")
def take_over() -> Any:
    """A form that was sent elsewhere, and came too late."""
    guard.check_form(guard.admit("onboarding"))
    return _page(request.args.get("to", ""), request.form), 401


@pages.post("/confirm/check")
def check() -> Any:
    known = guard.admit("onboarding")
    guard.check_form(known)
    to, kept = request.form.get(TO, ""), _kept(request.form)
    if _recent(known):
        return _back(to, kept)
    try:
        given = load_form(ConfirmInput, _own_fields(request.form))
        secret = confirm(guard.runtime(), known, origin(), **given)
    except Invalid as invalid:
        return _page(to, kept, invalid.errors), 422
    except Refusal as refusal:
        if refusal.status not in _TRY_AGAIN:
            raise
        return _page(to, kept, {"password": [refusal.message]}), refusal.status
    answer = _back(to, kept)
    if secret is not None:
        cookies.give(answer, cookies.SESSION, secret)
    return answer


def _recent(known: Principal) -> bool:
    """Whoever signed in again meanwhile, as those do who have no password here, or sent the form twice."""
    try:
        guard.runtime().ask_recent_sign_in(known)
    except Refusal:
        return False
    return True


def _back(to: str, kept: MultiDict[str, str]) -> Response:
    """To the page itself, or with what had been typed for it, to be sent or changed."""
    if not kept:
        return make_response(redirect(local(to), 303))
    fields = posted_fields(kept)
    return make_response(render_template("sign_in/confirmed.html", action=local(to), posted=fields))


def _page(to: str, kept: MultiDict[str, str], errors: dict[str, Any] | None = None) -> str:
    fields: list[PostedField] = posted_fields(kept)
    hidden = [(TO, local(to)), *((KEPT + field.name, field.value) for field in fields)]
    return render_template(
        "sign_in/confirm.html",
        form=form_view(ConfirmInput, MultiDict(), errors),
        action=CHECK,
        more=hidden,
        posted=fields,
        provider=directories(guard.runtime().settings.directories).openid.get(guard.principal().agency),
        passkey_options=passkey_options(guard.runtime(), guard.principal()),
        shown_code=code_of_person(guard.runtime(), guard.principal().person_id),
    )


def _kept(form: MultiDict[str, str]) -> MultiDict[str, str]:
    pairs = form.items(multi=True)
    return MultiDict([(name.removeprefix(KEPT), value) for name, value in pairs if name.startswith(KEPT)])


def _own_fields(form: MultiDict[str, str]) -> MultiDict[str, str]:
    return MultiDict([(name, form[name]) for name in ConfirmInput().fields if name in form])


def local(to: str) -> str:
    """A page of this site, else the first one: nobody is sent elsewhere by an address that somebody made up."""
    return to if _OURS.fullmatch(to) else "/"
