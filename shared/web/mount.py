"""Mounts what a service declares: a JSON endpoint for each command and query, and a page where it has one."""

from __future__ import annotations

from typing import Any

from flask import Flask, render_template, request
from werkzeug.datastructures import MultiDict

from shared.access.principal import Principal
from shared.declarations import Page, Query
from shared.service import Service
from shared.web import guard
from shared.web.endpoints import endpoints_of, mount_command_endpoint, mount_query_endpoint, shorten
from shared.web.form_pages import mount_form
from shared.web.forms import load_form
from shared.web.named import DONE, done, named
from shared.web.openapi import LateApi


def mount(app: Flask, service: Service) -> None:
    """Every declaration of the service, on this application. What is mounted is listed in the OpenAPI document."""
    api: LateApi = app.extensions["visor.api"]
    blueprint = endpoints_of(service.name)
    for command in service.declarations.commands.values():
        mount_command_endpoint(blueprint, command)
        if command.form is not None:
            mount_form(app, service.name, command, command.form)
    for query in service.declarations.queries.values():
        mount_query_endpoint(blueprint, query)
        if query.page is not None:
            _mount_page(app, service.name, query, query.page)
    api.register_blueprint(blueprint)
    for name, declared in service.declarations.all().items():
        shorten(app, f"{blueprint.name}.{name.replace('.', '_')}", declared)


def _mount_page(app: Flask, prefix: str, query: Query, page: Page) -> None:
    def view(**path: Any) -> Any:
        principal = guard.admit(query.audience)
        given = load_form(query.input, _given(query, principal))
        answer = guard.runtime().ask(query, principal, {**given, **path})
        if query.send is not None:
            return query.send(answer)
        return render_template(
            page.template, heading=page.title, answer=answer, given=given, done=done(), **path
        )

    url = f"/{prefix}{page.path or query.path}"
    methods = ["GET", query.method] if page.opens else [query.method]
    app.add_url_rule(url, f"page.{query.name}", named(view, query, "_page"), methods=methods)


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
