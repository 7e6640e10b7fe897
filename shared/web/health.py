"""How a service is: two lines for machines that watch it, and a page for people who run it.

`/<service>/healthz`: the process lives. `/<service>/readyz`: its database answers. Both say nothing else.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Flask, Response
from marshmallow import fields
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shared.declarations import Page
from shared.messaging.status import delayed, status
from shared.refusals import Refusal
from shared.runtime import Runtime
from shared.service import Service
from shared.web import guard
from shared.web.schemas import Answer, Nothing
from shared.work import Work

READERS = ("admin", "cpc", "central_support")


class HealthAnswer(Answer):
    """Counts and seconds only."""

    service = fields.String()
    transport = fields.String()
    delayed = fields.Boolean()
    demonstration = fields.Boolean()
    waiting = fields.Integer()
    refused = fields.Integer()
    oldest_seconds = fields.Float()
    dead_letters = fields.Integer()
    set_aside = fields.Integer()
    tasks_due = fields.Integer()
    tasks_failed = fields.Integer()
    gauges = fields.Dict(keys=fields.String(), values=fields.Float())
    heartbeats = fields.Dict(keys=fields.String(), values=fields.Float())


def read_health(work: Work) -> dict[str, Any]:
    """How events and tasks of this service go: what waits, what was refused, when each role was last seen."""
    if not work.principal.holds(*READERS):
        raise Refusal("R32", role="an administrator or a CPC")
    runtime = work.runtime
    return {
        "service": runtime.service.name,
        "transport": runtime.settings.transport,
        "demonstration": runtime.demonstration,
        "delayed": delayed(runtime.database.reading),
        "gauges": _gauges(runtime),
        **asdict(status(runtime.database.reading)),
    }


def _gauges(runtime: Runtime) -> dict[str, float]:
    """What the service itself has to say, by what it is."""
    with Session(runtime.database.reading) as session:
        now = runtime.clocks.policy.now()
        return {one.says: one.value(session, now) for one in runtime.service.gauges}


def declare(service: Service) -> None:
    """Every service has this page; declaring it again (another application in one process) changes nothing."""
    if "system.health" not in service.declarations.queries:
        page = Page("System health", "visor/health.html")
        service.query("system.health", path="/system/health", input=Nothing, answer=HealthAnswer, page=page)(
            read_health
        )


def install(app: Flask) -> None:
    name = service_name(app)
    app.add_url_rule(f"/{name}/healthz", "healthz", healthz)
    app.add_url_rule(f"/{name}/readyz", "readyz", readyz)


def service_name(app: Flask) -> str:
    return str(app.extensions["visor.runtime"].service.name)


def healthz() -> Response:
    return Response("alive\n", mimetype="text/plain")


def readyz() -> Response:
    try:
        with guard.runtime().database.reading.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return Response("the database is away\n", status=503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")
