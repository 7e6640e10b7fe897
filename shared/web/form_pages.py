"""The page of each form: shown, sent, shown again with what is wrong, and set beside a newer version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, redirect, render_template, request
from marshmallow import Schema
from werkzeug.datastructures import MultiDict

from shared.access.principal import Principal
from shared.declarations import Command, FormPage, Query
from shared.drafts import Draft, discarding
from shared.ids import new_id
from shared.refusals import Invalid, Stale
from shared.web import drafts, guard
from shared.web.forms import FIND, form_view, hidden_fields, load_form, stale_fields
from shared.web.named import DONE, done, named

# What a person went back to change is shown again as it was, without being sent again. The button that asks for it may
# choose something at once: "outcome=no_action".
CHANGE = "_change"


def mount_form(app: Flask, prefix: str, command: Command, form: FormPage) -> None:
    def view(**path: Any) -> Any:
        principal = guard.admit(command.audience)
        if request.method == "GET":
            return _first_shown(command, form, principal, path)
        guard.check_form(principal)
        if form.drafts and drafts.asked():
            return drafts.kept(command, form, principal, path)
        if CHANGE in request.form or FIND in request.form:
            return _shown_again(command, form, principal, path)
        return _sent(prefix, command, form, principal, path)

    url = f"/{prefix}{form.path or command.path}"
    app.add_url_rule(url, f"form.{command.name}", named(view, command, "_form"), methods=["GET", "POST"])


def _first_shown(command: Command, form: FormPage, principal: Principal, path: Mapping[str, Any]) -> Any:
    """Whoever may not do it is told so before a password is asked for, and everybody before anything is typed."""
    values, draft = _opened(command, form, principal, path)
    if command.recent_sign_in:
        guard.runtime().ask_recent_sign_in(principal)
    return shown_form(command, form, path, values, draft=draft)


def _shown_again(
    command: Command,
    form: FormPage,
    principal: Principal,
    path: Mapping[str, Any],
    errors: Mapping[str, Any] | None = None,
) -> str:
    """With what was typed, for whoever may have the form at all: its lists say things of the record, too."""
    opened, _draft = _opened(command, form, principal, path)
    return shown_form(command, form, path, _typed(), errors, opened=opened)


def _typed() -> MultiDict[str, str]:
    name, chooses, value = request.form.get(CHANGE, "").partition("=")
    return MultiDict([*request.form.items(multi=True), (name, value)]) if chooses else request.form


def _opened(
    command: Command, form: FormPage, principal: Principal, path: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Draft | None]:
    """Raises what keeps the person from it."""
    if form.values is None and not form.drafts:
        return {}, None
    reading = Query(f"{command.name}.form", drafts.opening(form), "", command.input, command.answer)
    opened: tuple[Mapping[str, Any], Draft | None] = guard.runtime().ask(reading, principal, path)
    return opened


def _sent(
    prefix: str, command: Command, form: FormPage, principal: Principal, path: Mapping[str, Any]
) -> Any:
    hidden = hidden_fields(request.form)
    try:
        given = {**load_form(_for_page(command), request.form, request.files), **path}
        if command.edits:
            given["version"] = hidden.version
        if form.drafts:
            command = discarding(command, drafts.place())
        answer = guard.runtime().run(command, principal, given, once_key=hidden.once)
    except Invalid as invalid:
        return _shown_again(command, form, principal, path, invalid.errors), 422
    except Stale as stale:
        return _set_beside(command, form, principal, path, stale), 409
    target = form.next.format_map({**path, **answer})
    separator = "&" if "?" in target else "?"
    return redirect(f"/{prefix}{target}{separator}{DONE}={command.name}", 303)


def _for_page(command: Command) -> Schema:
    """On a page the version is a hidden field, read apart from what was typed."""
    return command.input(exclude=("version",)) if command.edits else command.input()


def shown_form(
    command: Command,
    form: FormPage,
    path: Mapping[str, Any],
    values: Mapping[str, Any] | MultiDict[str, str],
    errors: Mapping[str, Any] | None = None,
    draft: Draft | None = None,
    *,
    opened: Mapping[str, Any] | None = None,
    shown: Mapping[str, Any] | None = None,
) -> str:
    """The form's page with these values; keeps the key of its first showing, so that a resent form counts once.

    What the form was first filled with says in "about" what it is about, above its heading: nobody writes on the wrong
    record. That is `opened` where `values` is what was typed since: lists of choices come out of it, too. What stands
    in the person's own `draft` is shown instead of the record's values, with the version that they saw then.
    `shown` is for the template of a form that shows more than its fields.
    """
    once_key = request.form.get("_once") or str(new_id())
    first = (opened or {}) if isinstance(values, MultiDict) else values
    typed = drafts.restored(draft) if draft else values
    return render_template(
        form.template,
        heading=form.title,
        caption=first.get("about"),
        intro=first.get("intro", form.intro),
        button=form.button,
        form=form_view(_for_page(command), typed, errors, context={**path, "values": opened or values}),
        version=typed.get("version", values.get("version")),
        # Said whole: an empty one would keep the fragment with which a field's own button came back.
        action=request.full_path.rstrip("?"),
        once=once_key,
        cancel=_cancel(form, path),
        drafts=form.drafts,
        draft=draft,
        draft_discard=drafts.discard_address(draft) if draft else "",
        done=done(),
        **path,
        **(shown or {}),
    )


def _set_beside(
    command: Command, form: FormPage, principal: Principal, path: Mapping[str, Any], stale: Stale
) -> str:
    """A late edit: both texts, and a form with one's own to save over theirs."""
    opened, _draft = _opened(command, form, principal, path)
    return render_template(
        "visor/stale.html",
        caption=opened.get("about"),
        rows=stale_fields(command.input, stale.mine, stale.theirs),
        form=form_view(_for_page(command), request.form),
        version=stale.version,
        who=stale.by,
        at=stale.at,
        once=str(new_id()),
        keep_theirs=_cancel(form, path) or "",
        action=request.path,
    )


def _cancel(form: FormPage, path: Mapping[str, Any]) -> str | None:
    """Where "Cancel" leads: the page that the form says, or would go to next, where the path alone can name it."""
    try:
        return f"/{guard.runtime().service.name}{(form.cancel or form.next).format_map(path)}"
    except KeyError:
        return None
