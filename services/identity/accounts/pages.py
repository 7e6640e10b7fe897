"""The page that shows once the code with which somebody sets their password."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template

from services.identity.sign_in.recovery import issue
from shared.web import guard

pages = Blueprint("accounts", __name__)


@pages.get("/people/<uuid:person_id>/first-credentials")
def ask(person_id: UUID) -> Any:
    guard.runtime().ask_recent_sign_in(guard.admit("signed_in"))
    return render_template("accounts/first_credentials.html", made=None, person_id=person_id)


@pages.post("/people/<uuid:person_id>/first-credentials")
def show(person_id: UUID) -> Any:
    """No command: its answer must never be remembered for a second sending."""
    known = guard.admit("signed_in")
    guard.check_form(known)
    guard.runtime().ask_recent_sign_in(known)
    made = issue(guard.runtime(), known, person_id)
    return render_template("accounts/first_credentials.html", made=made, person_id=person_id)
