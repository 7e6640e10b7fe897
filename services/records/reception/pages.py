"""The reception page: one form, posted, with what was found above it, and the way on."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

import services.records.reception.queries  # noqa: F401 - declares the query
from services.records.reception.rules import OUTCOMES
from services.records.service import service
from shared.refusals import Invalid
from shared.web import guard
from shared.web.form_pages import CHANGE
from shared.web.forms import form_view, load_form

pages = Blueprint("reception", __name__)
QUERY = service.declarations.queries["reception.search"]
TITLE = "Reception: is this person on the register?"
# What was typed here goes on into the request for a record, by a form: nothing personal stands in an address.
_CARRIED = (
    "pnc",
    "noms",
    "surname",
    "forenames",
    "date_of_birth-day",
    "date_of_birth-month",
    "date_of_birth-year",
)


@pages.route("/reception", methods=["GET", "POST"])
def reception() -> ResponseReturnValue:
    principal = guard.admit(QUERY.audience)
    if request.method == "GET":
        return _shown(None, None)
    guard.check_form(principal)
    try:
        answer = guard.runtime().ask(QUERY, principal, load_form(QUERY.input, request.form))
    except Invalid as invalid:
        return _shown(None, invalid), 422
    return _shown(answer, None)


reception.declared = QUERY  # type: ignore[attr-defined]


def _shown(answer: object, invalid: Invalid | None) -> str:
    carried = [(name, request.form[name]) for name in _CARRIED if request.form.get(name)]
    form = form_view(QUERY.input, request.form or None, invalid.errors if invalid else None)
    return render_template(
        "reception/reception.html",
        heading=TITLE,
        form=form,
        answer=answer,
        outcomes=OUTCOMES,
        carried=[(CHANGE, "1"), ("whom", "unit"), *carried],
        may_ask=guard.principal().agency_kind == "prison",
    )
