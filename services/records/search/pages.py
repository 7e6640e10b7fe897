"""The search page: one form, posted, with what was found below it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

import services.records.search.queries  # noqa: F401 - declares the query
from services.records.service import service
from shared.refusals import Invalid
from shared.web import guard
from shared.web.forms import form_view, load_form

pages = Blueprint("search", __name__)
QUERY = service.declarations.queries["search.nominals"]
TITLE = "Search nominals"
NOT_ASKED = {"csrf_token", "page"}


@pages.route("/search", methods=["GET", "POST"])
def search() -> ResponseReturnValue:
    principal = guard.admit(QUERY.audience)
    if request.method == "GET":
        return render_template("search/search.html", heading=TITLE, form=form_view(QUERY.input), answer=None)
    guard.check_form(principal)
    try:
        wanted = load_form(QUERY.input, request.form)
        answer = guard.runtime().ask(QUERY, principal, wanted)
    except Invalid as invalid:
        form = form_view(QUERY.input, request.form, invalid.errors)
        return render_template("search/search.html", heading=TITLE, form=form, answer=None), 422
    form = form_view(QUERY.input, request.form)
    asked = [
        (name, value) for name, value in request.form.items(multi=True) if name not in NOT_ASKED and value
    ]
    found = {"answer": answer, "asked": asked, "said": _said(wanted)}
    return render_template("search/search.html", heading=TITLE, form=form, **found)


def _said(wanted: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What was looked for, in words: the form itself stands below all that was found."""
    labels = {name: field.metadata.get("label") for name, field in QUERY.input().fields.items()}
    return [(label, wanted[name]) for name, label in labels.items() if label and wanted.get(name)]


search.declared = QUERY  # type: ignore[attr-defined]
