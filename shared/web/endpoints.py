"""The JSON endpoint of each command and query: documented in OpenAPI, and a straight way for what is asked most."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import Flask, Response, current_app, request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser

from shared.declarations import Command, Query
from shared.dumping import Dump, dumper
from shared.web import guard
from shared.web.forms.upload import first_values, uploads
from shared.web.named import named
from shared.web.openapi import LateBlueprint


class VersionRequired(Exception):
    """An edit came without the version of what it edits (428)."""


class _Parser(FlaskParser):
    def load_files(self, _req: Any, schema: Schema) -> dict[str, Any]:
        """The whole of a multipart body; a browser says from which site it posts, since any site's form could."""
        guard.check_site()
        return first_values(schema, request.form, request.files)


class _Blueprint(LateBlueprint):
    ARGUMENTS_PARSER = _Parser()


def endpoints_of(service_name: str) -> LateBlueprint:
    return _Blueprint("api", f"{service_name}.api", url_prefix=f"/{service_name}/api")


def mount_command_endpoint(blueprint: LateBlueprint, command: Command) -> None:
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
    endpoint = named(view if takes_body else bare, command, "")
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


def mount_query_endpoint(blueprint: LateBlueprint, query: Query) -> None:
    def view(given: Mapping[str, Any], **path: Any) -> Any:
        return guard.runtime().ask(query, guard.principal(), {**given, **path})

    def bare(**path: Any) -> Any:
        return view({}, **path)

    takes_input = bool(query.input().fields)
    endpoint = named(view if takes_input else bare, query, "")
    if query.send is not None:
        documented = blueprint.response(200, description="A file")(_sent_whole(endpoint, query.send))
    else:
        documented = blueprint.response(200, query.answer)(_dumped(endpoint, dumper(query.answer)))
    if takes_input:
        location = "query" if query.method == "GET" else "json"
        documented = blueprint.arguments(query.input, location=location, unknown="raise")(documented)
    _route(blueprint, query, documented)


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


def _route(blueprint: LateBlueprint, declared: Command | Query, view: Callable[..., Any]) -> None:
    """Who is asking comes before what was sent: a stranger is told nothing about fields."""

    @wraps(view)
    def admitted(*given: Any, **path: Any) -> Any:
        guard.admit(declared.audience)
        return view(*given, **path)

    blueprint.route(declared.path, methods=[declared.method], endpoint=declared.name.replace(".", "_"))(
        admitted
    )


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


def shorten(app: Flask, endpoint: str, declared: Command | Query) -> None:
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
    app.view_functions[endpoint] = named(straight, declared, "")


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


def _as_json(answer: Any, status: int) -> Response:
    return current_app.response_class(json.dumps(answer), status, mimetype="application/json")
