"""White pages' own page: the search posts, so that whom one looks for stands in no address."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from services.identity.people.schemas import SearchInput
from services.identity.service import service
from shared.refusals import Invalid
from shared.web import guard
from shared.web.forms import form_view, load_form

pages = Blueprint("people", __name__)


@pages.get("/people")
def start() -> str:
    guard.admit("signed_in")
    return render_template("people/search.html", form=form_view(SearchInput, {"token": "any"}), answer=None)


@pages.post("/people")
def search() -> str | tuple[str, int]:
    known = guard.admit("signed_in")
    guard.check_form(known)
    try:
        given = load_form(SearchInput, request.form)
        answer = guard.runtime().ask(service.declarations.queries["people.search"], known, given)
    except Invalid as invalid:
        form = form_view(SearchInput, request.form, invalid.errors)
        return render_template("people/search.html", form=form, answer=None), 422
    form = form_view(SearchInput, request.form)
    return render_template("people/search.html", form=form, answer=answer, given=given)
