"""The front page; who has not opened the record yet is asked for a reason first."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.records.front_page import queries
from services.records.nominals import pages as nominal_pages
from services.records.service import service
from shared.refusals import Refusal
from shared.web import guard

pages = Blueprint("front_page", __name__)
QUERY = service.declarations.queries["front_page.read"]
READING = replace(QUERY, function=queries.page)


@pages.get("/nominals/<uuid:nominal_id>")
def front_page(nominal_id: UUID) -> ResponseReturnValue:
    principal = guard.admit(QUERY.audience)
    try:
        answer = guard.runtime().ask(READING, principal, {"nominal_id": nominal_id})
    except Refusal as refusal:
        if refusal.elsewhere:
            return redirect(url_for("front_page.front_page", **refusal.elsewhere, moved=1), 307)
        if refusal.code != "R13":
            raise
        return redirect(url_for("form.access.open", nominal_id=nominal_id), 303)
    return render_template(
        "front_page/summary.html",
        heading=answer["name"],
        answer=answer,
        nominal_id=nominal_id,
        moved="moved" in request.args,
        done=_done(request.args.get("done", "")),
    )


front_page.declared = QUERY  # type: ignore[attr-defined]


def _done(name: str) -> str | None:
    """What was just done, in the words of its declaration."""
    if name == nominal_pages.COMMAND.name:
        return nominal_pages.FORM.done
    command = service.declarations.commands.get(name)
    return command.form.done if command is not None and command.form is not None else None
