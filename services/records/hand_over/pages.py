"""All that one person holds, with a choice of what goes to whom."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

import services.records.hand_over.commands
import services.records.hand_over.queries  # noqa: F401 - declares the query
from services.records.service import service
from shared.ids import new_id
from shared.refusals import Invalid
from shared.web import guard
from shared.web.forms import form_view, hidden_fields, load_form

pages = Blueprint("hand_over", __name__)
COMMAND = service.declarations.commands["hand_over.many"]
QUERY = service.declarations.queries["hand_over.held"]
DONE = "hand_over.many"


@pages.get("/hand-over/<uuid:person_id>")
def held(person_id: UUID) -> ResponseReturnValue:
    guard.admit(QUERY.audience)
    return _shown(person_id, None)


held.declared = QUERY  # type: ignore[attr-defined]


@pages.post("/hand-over/<uuid:person_id>")
def give(person_id: UUID) -> ResponseReturnValue:
    principal = guard.admit(COMMAND.audience)
    guard.check_form(principal)
    try:
        given = {**load_form(COMMAND.input, request.form), "person_id": person_id}
        done = guard.runtime().run(COMMAND, principal, given, once_key=hidden_fields(request.form).once)
    except Invalid as invalid:
        return _shown(person_id, invalid), 422
    return redirect(f"/records/hand-over/{person_id}?role={done['role']}&given={done['handed_over']}", 303)


give.declared = COMMAND  # type: ignore[attr-defined]


def _shown(person_id: UUID, invalid: Invalid | None) -> str:
    role = request.form.get("role") or request.args.get("role") or "manager"
    loaded = QUERY.input().load({"role": role if role in ("manager", "supervisor") else "manager"})
    answer = guard.runtime().ask(QUERY, guard.principal(), {**loaded, "person_id": person_id})
    form = form_view(
        COMMAND.input(exclude=("role", "nominal_ids")),
        request.form or None,
        {name: text for name, text in invalid.errors.items() if name not in ("role", "nominal_ids")}
        if invalid
        else None,
    )
    return render_template(
        "hand_over/held.html",
        heading="Hand records over",
        answer=answer,
        role=loaded["role"],
        form=form,
        chosen=request.form.getlist("nominal_ids"),
        records_error=((invalid.errors.get("nominal_ids") if invalid else None) or [None])[0],
        once=request.form.get("_once") or str(new_id()),
        given=request.args.get("given", "") if request.args.get("given", "").isdecimal() else "",
    )
