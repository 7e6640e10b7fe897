"""Mounts what a service declares: a JSON endpoint for each command and query, and a page where it has one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import Flask, Response, current_app, redirect, render_template, request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict

from shared.access.principal import Principal
from shared.declarations import Command, FormPage, Page, Query
from shared.drafts import Draft, discarding
from shared.dumping import Dump, dumper
from shared.ids import new_id
from shared.refusals import Invalid, Stale
from shared.service import Service
from shared.web import drafts, guard
from shared.web.forms import FIND, form_view, hidden_fields, load_form, stale_fields
from shared.web.forms.upload import first_values, uploads
from shared.web.openapi import LateApi, LateBlueprint

_PARAMETER = re.compile(r"<[^>]+>")
# What a person went back to change is shown again as it was, without being sent again.
CHANGE = "_change"
DONE = "done"


class VersionRequired(Exception):
    """An edit came without the version of what it edits (428)."""


class _Parser(FlaskParser):
    def load_files(self, _req: Any, schema: Schema) -> dict[str, Any]:
        """The whole of a multipart body; a browser says from which site it posts, since any site's form could."""
        guard.check_site()
        return first_values(schema, request.form, request.files)


class _Blueprint(LateBlueprint):
    ARGUMENTS_PARSER = _Parser()


def mount(app: Flask, service: Service) -> None:
    """Every declaration of the service, on this application. What is mounted is listed in the OpenAPI document."""
    api: LateApi = app.extensions["visor.api"]
    blueprint = _Blueprint("api", f"{service.name}.api", url_prefix=f"/{service.name}/api")
    for command in service.declarations.commands.values():
        _mount_command_api(blueprint, command)
        if command.form is not None:
            _mount_form(app, service.name, command, command.form)
    for query in service.declarations.queries.values():
        _mount_query_api(blueprint, query)
        if query.page is not None:
            _mount_page(app, service.name, query, query.page)
    api.register_blueprint(blueprint)
    for name, declared in service.declarations.all().items():
        _shorten(app, f"{blueprint.name}.{name.replace('.', '_')}", declared)


def _shorten(app: Flask, endpoint: str, declared: Command | Query) -> None:
    """The documented view stays in the OpenAPI document; what is asked most goes without its wrappers, which cost as
    much as the whole decision. Whatever was not sent as it should be goes the documented way, which says what is wrong.
    """
    documented = app.view_functions[endpoint]
    if isinstance(declared, Command):
        schema = _for_api(declared)
        if any(uploads(schema)):
            return
        straight = _straight_command(declared, schema, documented)
    elif isinstance(declared, Query) and declared.send is None:
        straight = _straight_query(declared, documented)
    else:
        return
    app.view_functions[endpoint] = _named(straight, declared, "")


def _sent_as_json(schema: Schema) -> dict[str, Any] | None:
    """What the request's body says; None where it is not as it should be."""
    if not schema.fields:
        return {}
    if not request.is_json:
        return None
    try:
        given: dict[str, Any] = schema.load(json.loads(request.get_data().decode()))
    except (ValueError, ValidationError):
        return None
    return given


def _nothing_asked(schema: Schema) -> dict[str, Any] | None:
    """What is meant where an address has no parameters; None where it has some, which go the documented way."""
    if request.args:
        return None
    try:
        given: dict[str, Any] = schema.load({})
    except ValidationError:
        return None
    return given


def _straight_command(command: Command, schema: Schema, documented: Callable[..., Any]) -> Callable[..., Any]:

    def straight(**path: Any) -> Any:
        principal = guard.admit(command.audience)
        given = _sent_as_json(schema)
        if given is None:
            return documented(**path)
        once_key = request.headers.get("Idempotency-Key")
        given = _with_version(command, {**given, **path})
        answer = guard.runtime().run(command, principal, given, once_key=once_key)
        return _as_json(dict(answer), command.status)

    return straight


def _straight_query(query: Query, documented: Callable[..., Any]) -> Callable[..., Any]:
    schema, dump = query.input(), dumper(query.answer)
    sent = _sent_as_json if query.method == "POST" else _nothing_asked

    def straight(**path: Any) -> Any:
        principal = guard.admit(query.audience)
        given = sent(schema)
        if given is None:
            return documented(**path)
        return _as_json(dump(guard.runtime().ask(query, principal, {**given, **path})), 200)

    return straight


def _as_json(answer: Any, status: int) -> Response:
    return current_app.response_class(json.dumps(answer), status, mimetype="application/json")


def _named(view: Callable[..., Any], declared: Command | Query, suffix: str) -> Callable[..., Any]:
    view.__name__ = declared.name.replace(".", "_") + suffix
    view.__doc__ = declared.function.__doc__
    view.declared = declared  # type: ignore[attr-defined]
    return view


def _mount_command_api(blueprint: LateBlueprint, command: Command) -> None:
    def view(given: Mapping[str, Any], **path: Any) -> Mapping[str, Any]:
        return guard.runtime().run(
            command,
            guard.principal(),
            _with_version(command, {**given, **path}),
            once_key=request.headers.get("Idempotency-Key"),
        )

    def bare(**path: Any) -> Mapping[str, Any]:
        return view({}, **path)

    takes_body = bool(command.input().fields)
    endpoint = _named(view if takes_body else bare, command, "")
    # The answer is dumped in the unit of work, so that it can be remembered; the blueprint only documents it.
    documented = blueprint.alt_response(command.status, schema=command.answer)(
        _answered(endpoint, command.status)
    )
    if takes_body:
        # A schema says itself whether it takes more than it knows; a multipart body's default would be to drop it.
        where = (
            {"location": "files", "unknown": "raise"} if any(uploads(command.input)) else {"location": "json"}
        )
        documented = blueprint.arguments(_for_api(command), **where)(documented)
    _route(blueprint, command, documented)


def _answered(view: Callable[..., Mapping[str, Any]], status: int) -> Callable[..., Any]:
    def answer(*given: Any, **path: Any) -> Any:
        return dict(view(*given, **path)), status

    answer.__name__ = view.__name__
    answer.__doc__ = view.__doc__
    answer.declared = view.declared  # type: ignore[attr-defined]
    return answer


def _dumped(view: Callable[..., Any], dump: Dump) -> Callable[..., Any]:
    """Answers by itself: the blueprint, which would dump anew, only documents it."""

    @wraps(view)
    def answer(*given: Any, **path: Any) -> Response:
        return _as_json(dump(view(*given, **path)), 200)

    return answer


def _sent_whole(view: Callable[..., Any], send: Callable[[Any], Any]) -> Callable[..., Any]:
    @wraps(view)
    def answer(*given: Any, **path: Any) -> Any:
        return send(view(*given, **path))

    return answer


def _for_api(command: Command) -> Schema:
    """The command's input; the version of an edit may come in If-Match instead."""
    return command.input(partial=("version",)) if command.edits else command.input()


def _with_version(command: Command, given: dict[str, Any]) -> dict[str, Any]:
    if command.edits and "version" not in given:
        tag = request.headers.get("If-Match", "").strip('W/"')
        if not tag.isdecimal():
            raise VersionRequired
        given["version"] = int(tag)
    return given


def _mount_query_api(blueprint: LateBlueprint, query: Query) -> None:
    def view(given: Mapping[str, Any], **path: Any) -> Any:
        return guard.runtime().ask(query, guard.principal(), {**given, **path})

    def bare(**path: Any) -> Any:
        return view({}, **path)

    takes_input = bool(query.input().fields)
    endpoint = _named(view if takes_input else bare, query, "")
    if query.send is not None:
        documented = blueprint.response(200, description="A file")(_sent_whole(endpoint, query.send))
    else:
        documented = blueprint.response(200, query.answer)(_dumped(endpoint, dumper(query.answer)))
    if takes_input:
        location = "query" if query.method == "GET" else "json"
        documented = blueprint.arguments(query.input, location=location, unknown="raise")(documented)
    _route(blueprint, query, documented)


def _route(blueprint: LateBlueprint, declared: Command | Query, view: Callable[..., Any]) -> None:
    """Who is asking comes before what was sent: a stranger is told nothing about fields."""

    @wraps(view)
    def admitted(*given: Any, **path: Any) -> Any:
        guard.admit(declared.audience)
        return view(*given, **path)

    blueprint.route(declared.path, methods=[declared.method], endpoint=declared.name.replace(".", "_"))(
        admitted
    )


def _mount_page(app: Flask, prefix: str, query: Query, page: Page) -> None:
    def view(**path: Any) -> Any:
        principal = guard.admit(query.audience)
        given = load_form(query.input, _given(query, principal))
        answer = guard.runtime().ask(query, principal, {**given, **path})
        if query.send is not None:
            return query.send(answer)
        return render_template(
            page.template, heading=page.title, answer=answer, given=given, done=_done(), **path
        )

    url = f"/{prefix}{page.path or query.path}"
    methods = ["GET", query.method] if page.opens else [query.method]
    app.add_url_rule(url, f"page.{query.name}", _named(view, query, "_page"), methods=methods)


def _given(query: Query, principal: Principal) -> MultiDict[str, str]:
    if query.method == "GET":
        return _asked()
    return MultiDict() if request.method == "GET" else MultiDict(_posted(principal))


def _asked() -> MultiDict[str, str]:
    """The address's own parameters; `done` only says what was just done."""
    return MultiDict([(name, value) for name, value in request.args.items(multi=True) if name != DONE])


def _posted(principal: Principal) -> MultiDict[str, str]:
    guard.check_form(principal)
    return request.form


def _mount_form(app: Flask, prefix: str, command: Command, form: FormPage) -> None:
    def view(**path: Any) -> Any:
        principal = guard.admit(command.audience)
        if request.method == "GET":
            if command.recent_sign_in:  # before anything is typed
                guard.runtime().ask_recent_sign_in(principal)
            return _first_shown(command, form, principal, path)
        guard.check_form(principal)
        if form.drafts and drafts.asked():
            return drafts.kept(command, form, principal, path)
        if CHANGE in request.form or FIND in request.form:
            return _shown_again(command, form, principal, path)
        return _sent(prefix, command, form, principal, path)

    url = f"/{prefix}{form.path or command.path}"
    app.add_url_rule(url, f"form.{command.name}", _named(view, command, "_form"), methods=["GET", "POST"])


def _first_shown(command: Command, form: FormPage, principal: Principal, path: Mapping[str, Any]) -> Any:
    values, draft = _opened(command, form, principal, path)
    return shown_form(command, form, path, values, draft=draft)


def _shown_again(
    command: Command,
    form: FormPage,
    principal: Principal,
    path: Mapping[str, Any],
    errors: Mapping[str, Any] | None = None,
) -> str:
    """With what was typed, for whoever may have the form at all: its lists say things of the record, too."""
    _opened(command, form, principal, path)
    return shown_form(command, form, path, request.form, errors)


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
    shown: Mapping[str, Any] | None = None,
) -> str:
    """The form's page with these values; keeps the key of its first showing, so that a resent form counts once.

    `values["about"]` says what the form is about, above its heading: nobody writes on the wrong record. What stands in
    the person's own `draft` is shown instead of the record's values, with the version that they saw then. `shown` is
    for the template of a form that shows more than its fields.
    """
    once_key = request.form.get("_once") or str(new_id())
    about = str(values.get("about") or request.form.get("_about") or "")
    typed = drafts.restored(draft) if draft else values
    return render_template(
        form.template,
        heading=form.title,
        caption=about,
        more=[("_about", about)] if about else [],
        intro=form.intro if isinstance(values, MultiDict) else values.get("intro", form.intro),
        button=form.button,
        form=form_view(_for_page(command), typed, errors, context={**path, "values": values}),
        version=typed.get("version", values.get("version")),
        # Said whole: an empty one would keep the fragment with which a field's own button came back.
        action=request.full_path.rstrip("?"),
        once=once_key,
        cancel=_cancel(form, path),
        drafts=form.drafts,
        draft=draft,
        draft_discard=drafts.discard_address(draft) if draft else "",
        done=_done(),
        **path,
        **(shown or {}),
    )


def stale_page(command: Command, form: FormPage, error: Stale, path: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of a late edit needs: both texts, and a form with one's own to save over theirs."""
    return {
        "rows": stale_fields(command.input, error.mine, error.theirs),
        "form": form_view(_for_page(command), request.form),
        "version": error.version,
        "who": error.by,
        "at": error.at,
        "once": str(new_id()),
        "keep_theirs": _cancel(form, path) or "",
        "action": request.path,
    }


def _cancel(form: FormPage, path: Mapping[str, Any]) -> str | None:
    """Where "Cancel" leads: the page that the form says, or would go to next, where the path alone can name it."""
    try:
        return f"/{guard.runtime().service.name}{(form.cancel or form.next).format_map(path)}"
    except KeyError:
        return None


def _done() -> str | None:
    """What was just done, in the words of its declaration; the address holds only the command's name."""
    command = guard.runtime().service.declarations.commands.get(request.args.get(DONE, ""))
    return command.form.done if command is not None and command.form is not None else None
