"""The records of a unit with a choice of which go where, what keeps each, and the form that asks for it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

import services.records.bulk_transfer.commands
import services.records.bulk_transfer.queries  # noqa: F401 - declares the query
from services.records.service import service
from shared.ids import new_id
from shared.refusals import Invalid
from shared.web import guard
from shared.web.forms import form_view, hidden_fields, load_form

pages = Blueprint("bulk_transfer", __name__)
COMMAND = service.declarations.commands["bulk_transfer.request"]
QUERY = service.declarations.queries["bulk_transfer.preview"]
_ROUTE = ("from_unit", "to_unit")
_APART = (*_ROUTE, "nominal_ids", "whole")


@pages.get("/bulk-transfers/new")
def new() -> ResponseReturnValue:
    guard.admit(QUERY.audience)
    return _shown(None)


new.declared = QUERY  # type: ignore[attr-defined]


@pages.post("/bulk-transfers/new")
def ask() -> ResponseReturnValue:
    principal = guard.admit(COMMAND.audience)
    guard.check_form(principal)
    try:
        given = load_form(COMMAND.input, request.form)
        done = guard.runtime().run(COMMAND, principal, given, once_key=hidden_fields(request.form).once)
    except Invalid as invalid:
        return _shown(invalid), 422
    return redirect(f"/records/bulk-transfers/{done['id']}", 303)


ask.declared = COMMAND  # type: ignore[attr-defined]


def _shown(invalid: Invalid | None) -> str:
    """What was typed and ticked stays. A route that cannot be is said where it was chosen."""
    source = request.form if request.method == "POST" else request.args
    try:
        chosen = load_form(QUERY.input, MultiDict([(name, source.get(name, "")) for name in _ROUTE]))
        answer = guard.runtime().ask(QUERY, guard.principal(), chosen)
    except Invalid as wrong:
        return render_template(
            "bulk_transfer/wrong.html", heading="Ask for a bulk transfer", errors=wrong.errors
        )
    errors = invalid.errors if invalid else {}
    form = form_view(
        COMMAND.input(exclude=_APART),
        request.form or None,
        {name: text for name, text in errors.items() if name not in _APART} if invalid else None,
    )
    said = [text for name in _APART for text in errors.get(name, ())]
    return render_template(
        "bulk_transfer/new.html",
        heading="Ask for a bulk transfer",
        answer=answer,
        route=chosen,
        form=form,
        whole=bool(request.form.get("whole")),
        chosen=set(request.form.getlist("nominal_ids")),
        first=request.method == "GET",
        records_error=said[0] if said else None,
        once=request.form.get("_once") or str(new_id()),
    )
