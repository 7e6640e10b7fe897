"""The page of a demonstration's people and places, and the same for programs. Neither exists anywhere else."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from marshmallow import fields, validate

from services.identity import cookies
from services.identity.demonstration import places
from services.identity.json_input import loaded
from shared.web import guard
from shared.web.forms import form_view, load_form
from shared.web.schemas import Input
from shared.work import Work

pages = Blueprint("demonstration", __name__)
ACTION = "demonstration.page"


def _buildings(context: Any) -> list[tuple[str, str]]:
    return [(unit.code, unit.name) for unit in context["buildings"]]


class PlaceInput(Input):
    unit = fields.String(
        required=True,
        metadata={"label": "Building", "noun": "a building", "options": _buildings, "widget": "select"},
    )
    network = fields.String(
        load_default="lan",
        validate=validate.OneOf(["lan", "wifi", "unknown"]),
        metadata={
            "label": "Network",
            "options": [
                ("lan", "LAN cable in this building"),
                ("wifi", "Wi-Fi in this building"),
                ("unknown", "A network that is not registered"),
            ],
        },
    )
    terminal = fields.String(
        load_default="approved",
        validate=validate.OneOf(["approved", "unapproved", "none"]),
        metadata={
            "label": "Terminal",
            "hint": "Matters in prisons only",
            "options": [
                ("approved", "ViSOR approved terminal of this prison"),
                ("unapproved", "Terminal of this prison that is not approved"),
                ("none", "Another computer"),
            ],
        },
    )


class SomebodyInput(Input):
    username = fields.String(
        required=True, metadata={"label": "User name", "noun": "a user name", "width": 20}
    )


@pages.get("/demonstration")
def show() -> str:
    guard.visitor()
    return _page()


@pages.post("/demonstration")
def look_up() -> Any:
    guard.check_form(guard.visitor())
    return _page(somebody=load_form(SomebodyInput, request.form)["username"])


@pages.post("/demonstration/place")
def choose() -> Any:
    guard.check_form(guard.visitor())
    form = request.form.copy()
    username = form.pop("username", "")
    answer = make_response(redirect(f"/identity/sign-in?username={username}", 303))
    return _seated(answer, load_form(PlaceInput, form))


@pages.post("/api/demonstration/place")
def choose_by_program() -> Any:
    """`{"unit", "network": "lan"|"wifi"|"unknown", "terminal": "approved"|"unapproved"|"none"}` → its cookie."""
    return _seated(jsonify(done=True), loaded(PlaceInput))


@pages.post("/api/demonstration/code")
def code_for_program() -> Any:
    """`{"username"}` → `{"code"}`: a code that would be taken now."""
    username = loaded(SomebodyInput)["username"]
    with _work() as work:
        line = places.line_of(work, username)
    return jsonify(code=line.code if line else "")


def _seated(answer: Response, given: dict[str, Any]) -> Response:
    with _work() as work:
        cookie = places.place_cookie(work, **given)
    cookies.give(answer, cookies.PLACE, cookie)
    return answer


def _page(somebody: str = "") -> str:
    with _work() as work:
        people = places.cast(work)
        found = places.line_of(work, somebody) if somebody else None
        buildings = list(places.buildings(work))
    form = form_view(PlaceInput, {"network": "lan", "terminal": "approved"}, context={"buildings": buildings})
    asked = form_view(SomebodyInput, {"username": somebody})
    return render_template(
        "demonstration/people.html", people=people, form=form, asked=asked, somebody=somebody, found=found
    )


def _work() -> AbstractContextManager[Work]:

    return guard.runtime().system_work(ACTION)
