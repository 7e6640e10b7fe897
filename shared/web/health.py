"""`/<service>/healthz`: the process lives. `/<service>/readyz`: its database answers. Both say nothing else."""

from __future__ import annotations

from flask import Flask, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shared.web import guard


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
