"""One service as a Flask application: its session, its guard, what it declares, its errors, its health."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Flask, has_app_context, request
from flask_sqlalchemy import SQLAlchemy
from jinja2 import FileSystemLoader
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shared import correlation
from shared.access.credentials import Verifier
from shared.database import pinged_when_idle
from shared.runtime import Runtime
from shared.web import display, errors, guard, health, metrics, reference, uploads
from shared.web.addresses import LateRule, StorableText
from shared.web.compiled_templates import compiled_templates
from shared.web.csrf import FormTokens
from shared.web.forms.upload import Upload
from shared.web.frame import frame
from shared.web.mount import mount
from shared.web.openapi import LateApi, LateBlueprint
from shared.web.schema_names import schema_name
from shared.web.security_headers import secure

# One form; attachments, which are larger, have a limit of their own.
MAXIMUM_BODY = 2 * 1024 * 1024


def create_application(
    runtime: Runtime, verifier: Verifier, pages: Iterable[Blueprint] = (), templates: Iterable[Path] = ()
) -> Flask:
    """The WSGI application of one service. `pages` are the blueprints of what is special; the rest is declared.

    `templates` are the folders in which the service's capabilities keep theirs.
    """
    name = runtime.service.name
    app = Flask(f"services.{name}", static_folder=None, template_folder=None)
    app.url_rule_class = LateRule
    app.url_map.converters |= {"string": StorableText, "default": StorableText}
    app.jinja_options = {"bytecode_cache": compiled_templates(runtime.settings.home, name)}
    app.jinja_loader = FileSystemLoader([str(folder) for folder in templates])
    app.config.update(
        MAX_CONTENT_LENGTH=MAXIMUM_BODY,
        MAX_FORM_MEMORY_SIZE=MAXIMUM_BODY,
        TRAP_BAD_REQUEST_ERRORS=False,
        API_TITLE=f"ViSOR suite: {name}",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=f"/{name}/api",
        OPENAPI_JSON_PATH="openapi.json",
    )
    app.extensions["visor.runtime"] = runtime
    app.extensions["visor.verifier"] = verifier
    app.extensions["visor.form_tokens"] = FormTokens(runtime.settings.keys_home)
    plugin = MarshmallowPlugin(schema_name_resolver=schema_name)
    app.extensions["visor.api"] = LateApi(app, spec_kwargs={"marshmallow_plugin": plugin})
    app.extensions["visor.api"].register_field(Upload, "string", "binary")
    _bind_sessions(app, runtime)
    display.install(app, frame)
    # A page that says how long something takes says what policy has today, not what it had when it was written.
    app.jinja_env.globals["policy_value"] = lambda key: runtime.policy().text(
        key, runtime.clocks.policy.today()
    )
    app.context_processor(lambda: {"csrf_token": lambda: _form_token(app)})
    for blueprint in pages:
        if isinstance(blueprint, LateBlueprint):
            app.extensions["visor.api"].register_blueprint(blueprint, url_prefix=f"/{name}")
        else:
            app.register_blueprint(blueprint, url_prefix=f"/{name}")
    health.declare(runtime.service)
    mount(app, runtime.service)
    reference.install(app, name)
    health.install(app)
    metrics.install(app)
    uploads.install(app)
    errors.install(app)
    app.before_request(_correlate)
    app.after_request(secure)
    return app


def _bind_sessions(app: Flask, runtime: Runtime) -> None:
    """At the web edge Flask-SQLAlchemy opens the sessions, one for each application context."""
    app.config["SQLALCHEMY_DATABASE_URI"] = runtime.database.url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = runtime.database.engine_options
    flask_sessions = SQLAlchemy(
        app,
        metadata=runtime.service.metadata,
        session_options={"expire_on_commit": False},
        disable_autonaming=True,
    )

    with app.app_context():
        pinged_when_idle(flask_sessions.engine)

    @contextmanager
    def session() -> Iterator[Session]:
        if not has_app_context():  # a tick or a test in the same process
            with runtime.database.session() as own:
                yield own
            return
        try:
            yield flask_sessions.session()
        finally:
            flask_sessions.session.remove()

    runtime.session = session


def _form_token(app: Flask) -> str:
    """With the database away nobody can be asked who is there: the form goes back with the token that it came with."""
    tokens: FormTokens = app.extensions["visor.form_tokens"]
    try:
        return tokens.for_session(guard.principal())
    except (SQLAlchemyError, guard.IdentityAway):
        return request.form.get("csrf_token", "")


def _correlate() -> None:
    """Go on with the caller's correlation id where it sent one; a malformed one is simply not taken."""
    try:
        known: UUID | None = UUID(request.headers["X-Correlation-Id"])
    except (KeyError, ValueError):
        known = None
    correlation.begin(known)
