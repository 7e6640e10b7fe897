"""The page on which a user and the records are chosen by name; what was chosen goes on as ids, names never."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.records.bulk_partner.choosing import ONE_OF_TWO
from services.records.bulk_partner.queries import started
from services.records.bulk_partner.schemas import Choices, Picked
from services.records.service import service
from shared.declarations import Query
from shared.refusals import Invalid
from shared.web import guard
from shared.web.forms import FIND, form_view, load_form
from shared.web.schemas import Nothing

pages = Blueprint("bulk_partner", __name__)
QUERY = service.declarations.queries["bulk_partner.choices"]
READING = Query("bulk_partner.page", started, "", Nothing, Choices)


@pages.route("/bulk-partner", methods=["GET", "POST"])
def choose() -> ResponseReturnValue:
    principal = guard.admit(QUERY.audience)
    if request.method == "GET":
        return _shown()
    guard.check_form(principal)
    if FIND in request.form:
        return _shown()
    try:
        given = load_form(Picked, request.form)
    except Invalid as invalid:
        return _shown(invalid.errors), 422
    if bool(given["unit"]) is bool(given["template_id"]):
        return _shown({"unit": [ONE_OF_TWO]}), 422
    chosen = {name: str(value) for name, value in given.items() if value}
    return redirect(f"/records/bulk-partner/preview?{urlencode(chosen)}", 303)


choose.declared = QUERY  # type: ignore[attr-defined]


def _shown(errors: Mapping[str, Any] | None = None) -> str:
    """Whoever may not partner in bulk is refused before any name is found for them."""
    answer: dict[str, Any] = guard.runtime().ask(READING, guard.principal(), {})
    form = form_view(Picked, request.form or None, errors)
    return render_template(
        "bulk_partner/choices.html", heading="Partner a user to many records", form=form, answer=answer
    )
