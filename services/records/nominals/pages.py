"""The page on which a nominal is created: a likely duplicate comes back on it, with what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from services.records.nominals.commands import create_form
from services.records.nominals.naming import named
from services.records.service import service
from services.records.validation.rules import checks, citing
from shared.declarations import FormPage, Query
from shared.refusals import Invalid, NotFound, Refusal
from shared.web import guard
from shared.web.form_pages import shown_form
from shared.web.forms import FIND, hidden_fields, load_form

pages = Blueprint("nominals", __name__)
pages.add_app_template_global(named, "named")
COMMAND = service.declarations.commands["nominals.create"]
FORM = FormPage(
    title="Create a nominal",
    button="Create nominal",
    done="The record was created.",
    next="/nominals",
    path="/nominals/create",
    template="nominals/create.html",
)
READING = Query("nominals.create.form", create_form, "", COMMAND.input, COMMAND.answer)


@pages.route("/nominals/create", methods=["GET", "POST"])
def create() -> ResponseReturnValue:
    principal = guard.admit(COMMAND.audience)
    if request.method == "GET":
        values = guard.runtime().ask(READING, principal, {"referral_id": _referral()})
        return shown_form(COMMAND, FORM, {}, values)
    guard.check_form(principal)
    if FIND in request.form:
        return _again({})
    try:
        given = load_form(COMMAND.input, request.form)
        made = guard.runtime().run(COMMAND, principal, given, once_key=hidden_fields(request.form).once)
    except Invalid as invalid:
        return _again(invalid.errors), 422
    except Refusal as refusal:
        if refusal.code != "R18":
            raise
        return _again({"duplicate_reason": [refusal.message]}, likely=refusal.more["likely"]), 409
    return redirect(f"/records/nominals/{made['nominal_id']}?done={COMMAND.name}", 303)


create.declared = COMMAND  # type: ignore[attr-defined]


def _again(errors: Mapping[str, Any], *, likely: Sequence[Mapping[str, Any]] = ()) -> str:
    cited = citing(errors, checks())
    return shown_form(COMMAND, FORM, {}, request.form, cited, shown={"likely": likely})


def _referral() -> UUID | None:
    """The referral that the record is to be made from; an opaque id, so it may stand in the address."""
    text = request.args.get("referral_id")
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFound from error
