"""Drafts on a form's page: a button that keeps what was typed so far, and the draft shown again to who comes back.

A page of its own uses `asked`, `kept` and `opened` as `shared.web.form_pages` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import jsonify, redirect, request
from flask.typing import ResponseReturnValue
from marshmallow import fields
from werkzeug.datastructures import MultiDict

from shared import drafts
from shared.access.principal import Principal
from shared.declarations import Command, FormPage
from shared.drafts import Draft
from shared.web import guard
from shared.web.schemas import Answer
from shared.work import Work

# The second button's name; and the names of chosen files, where a script left the files themselves out.
SAVE, FILES = "_draft", "_draft_files"
_NOT_KEPT = frozenset({"csrf_token", "_once", SAVE, FILES})

Values = Mapping[str, Any]


class Saved(Answer):
    at = fields.AwareDateTime()


def asked() -> bool:
    """Whether this form was posted to be kept as a draft."""
    return SAVE in request.form


def place() -> str:
    """This form's address within its service."""
    return request.path.removeprefix(f"/{guard.runtime().service.name}")


def opening(form: FormPage) -> Callable[..., tuple[Values, Draft | None]]:
    """What a form's page is first filled with, and this person's draft of it: the first asks who may write there."""
    where = place() if form.drafts else ""

    def values(work: Work, **path: Any) -> tuple[Values, Draft | None]:
        first = form.values(work, **path) if form.values is not None else {}
        return first, drafts.find(work, where) if form.drafts else None

    return values


def kept(command: Command, form: FormPage, principal: Principal, path: Values) -> ResponseReturnValue:
    """Keeps what was posted; raises the refusal that the form's own first showing would raise."""
    nominal = path.get("nominal_id")
    typed = [pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_KEPT]
    of_nominal = nominal if isinstance(nominal, UUID) else None

    def save(work: Work, **_path: Any) -> dict[str, Any]:
        if form.values is not None:
            form.values(work, **path)
        drafts.save(work, place(), form.title, typed, files=chosen_files(), nominal_id=of_nominal)
        return {"at": work.now}

    saving = replace(command, name=f"{command.name}.draft", function=save, answer=Saved)
    answer = guard.runtime().run(replace(saving, apart=False, recent_sign_in=False), principal, path)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(answer)
    return redirect(request.path, 303)


def chosen_files() -> list[str]:
    """The names of files that were chosen: a draft keeps no files."""
    sent = [file.filename for file in request.files.values() if file.filename]
    return [*sent, *filter(None, request.form.getlist(FILES))]


def restored(draft: Draft) -> MultiDict[str, str]:
    """The draft as the form was posted."""
    return MultiDict(list(draft.values))


def discard_address(draft: Draft) -> str:
    """Where a form throws it away: whatever service keeps drafts has this command."""
    return f"/{guard.runtime().service.name}/drafts/{draft.id}/discard"
