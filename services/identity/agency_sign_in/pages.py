"""To the provider by a link, since a form may post only to ourselves; and back to the second step."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request

from services.identity import cookies
from services.identity.agency_sign_in.steps import begin, finish, provider_of
from services.identity.sign_in.origin import origin
from services.identity.sign_in.outcomes import StartAgain
from shared.web import guard

pages = Blueprint("agency_sign_in", __name__)
CODE = "/identity/sign-in/code"


@pages.get("/sign-in/with/<agency>")
def go(agency: str) -> Any:
    guard.principal()
    address, state = begin(guard.runtime(), agency)
    answer = redirect(address, 303)
    # The provider's answer comes from another site, so that a strict cookie would stay behind.
    cookies.give(make_response(answer), cookies.PROVIDER, state, max_age=600)
    return answer


@pages.get("/sign-in/with/<agency>/back")
def back(agency: str) -> Any:
    """A page with a link, not a redirect: the step's cookie is strict, and a redirect from elsewhere would lose it."""
    guard.principal()
    state = cookies.of(request, cookies.PROVIDER) or ""
    name = provider_of(guard.runtime(), agency).name
    try:
        step = finish(guard.runtime(), origin(), agency, _same(state), request.args)
    except StartAgain:
        return redirect("/identity/sign-in?late", 303)
    answer = make_response(render_template("agency_sign_in/back.html", provider=name, next=CODE))
    cookies.give(answer, cookies.STEP, step, strict=True, max_age=300)
    cookies.take_back(answer, cookies.PROVIDER)
    return answer


def _same(state: str) -> str:
    """The browser that comes back must be the one that went: else somebody could be signed in as somebody else."""
    if not state or request.args.get("state") != state:
        raise StartAgain
    return state
