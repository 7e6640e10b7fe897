"""The form of one record of a sample, whose questions are the audit's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

import services.records.quality.commands
import services.records.quality.queries  # noqa: F401 - declares the query
from services.records.service import service
from shared.ids import new_id
from shared.refusals import Invalid
from shared.web import guard
from shared.web.forms import form_view, hidden_fields

pages = Blueprint("quality", __name__)
COMMAND = service.declarations.commands["quality.answer"]
QUERY = service.declarations.queries["quality.item"]
BEFORE = "answer."


@pages.get("/quality/audits/<uuid:audit_id>/items/<int:place>")
def item(audit_id: UUID, place: int) -> ResponseReturnValue:
    guard.admit(QUERY.audience)
    return _shown(audit_id, place, None)


item.declared = QUERY  # type: ignore[attr-defined]


@pages.post("/quality/audits/<uuid:audit_id>/items/<int:place>")
def answer(audit_id: UUID, place: int) -> ResponseReturnValue:
    principal = guard.admit(COMMAND.audience)
    guard.check_form(principal)
    given = {"answers": _answers(), "comment": request.form.get("comment", "")}
    try:
        loaded = {**_loaded(given), "audit_id": audit_id, "place": place}
        guard.runtime().run(COMMAND, principal, loaded, once_key=hidden_fields(request.form).once)
    except Invalid as invalid:
        return _shown(audit_id, place, invalid), 422
    return redirect(f"/records/quality/audits/{audit_id}", 303)


answer.declared = COMMAND  # type: ignore[attr-defined]


def _loaded(given: dict[str, Any]) -> dict[str, Any]:
    """Raises Invalid, field by field."""
    try:
        return dict(COMMAND.input().load(given))
    except ValidationError as error:
        said = error.messages if isinstance(error.messages, dict) else {}
        raise Invalid({str(name): [str(texts)] for name, texts in said.items()}) from error


def _answers() -> dict[str, str]:
    return {
        name.removeprefix(BEFORE): value for name, value in request.form.items() if name.startswith(BEFORE)
    }


def _shown(audit_id: UUID, place: int, invalid: Invalid | None) -> str:
    """What was chosen stays; at first what was answered before, else what the register itself would say."""
    shown = guard.runtime().ask(QUERY, guard.principal(), {"audit_id": audit_id, "place": place})
    errors = invalid.errors if invalid else {}
    typed = request.form or {"comment": shown["comment"] or ""}
    form = form_view(
        COMMAND.input(exclude=("answers",)),
        typed,
        {name: text for name, text in errors.items() if name == "comment"} if invalid else None,
    )
    return render_template(
        "quality/item.html",
        heading=f"Record {place} of the sample",
        answer=shown,
        chosen=_answers() if invalid else shown["answers"] or shown["suggested"],
        form=form,
        answers_error=(errors.get("answers") or [None])[0],
        once=request.form.get("_once") or str(new_id()),
        audit_id=audit_id,
        place=place,
    )
