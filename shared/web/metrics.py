"""`/<service>/metrics`: counts and seconds for Prometheus; nothing about anybody.

Given to whoever shows the token of VISOR_METRICS_TOKEN; where none is set, to this machine alone.
"""

from __future__ import annotations

import hmac
import ipaddress

from flask import Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shared.messaging.status import SpineStatus, status
from shared.runtime import Runtime
from shared.web import guard
from shared.web.came_through import came_through

_SPINE = {
    "waiting": ("visor_outbox_waiting", "Facts that wait to leave"),
    "refused": ("visor_outbox_refused", "Facts that the broker refused, to be tried again"),
    "oldest_seconds": ("visor_outbox_oldest_seconds", "Age of the oldest fact that waits to leave"),
    "dead_letters": ("visor_dead_letters", "Messages that failed for good and were not replayed"),
    "set_aside": ("visor_messages_set_aside", "Messages that failed and are tried again"),
    "tasks_due": ("visor_tasks_due", "Tasks that could run now"),
    "tasks_failed": ("visor_tasks_failed", "Tasks given up"),
}


def install(app: Flask) -> None:
    name = app.extensions["visor.runtime"].service.name
    app.add_url_rule(f"/{name}/metrics", "metrics", metrics)


def metrics() -> Response:
    if not _may_read():
        return Response("no\n", status=403, mimetype="text/plain")
    try:
        text = generate_latest(collected(guard.runtime()))
    except SQLAlchemyError:
        return Response("the database is away\n", status=503, mimetype="text/plain")
    return Response(text, content_type=CONTENT_TYPE_LATEST)


def collected(runtime: Runtime) -> CollectorRegistry:
    """What the database says at this moment. Raises SQLAlchemyError while it is away."""
    registry = CollectorRegistry()
    _spine(registry, status(runtime.database.reading), runtime.service.name)
    with Session(runtime.database.reading) as session:
        for gauge in runtime.service.gauges:
            made = Gauge(gauge.name, gauge.says, ["service"], registry=registry)
            made.labels(runtime.service.name).set(gauge.value(session, runtime.clocks.policy.now()))
    return registry


def _spine(registry: CollectorRegistry, spine: SpineStatus, service: str) -> None:
    for field, (name, says) in _SPINE.items():
        Gauge(name, says, ["service"], registry=registry).labels(service).set(getattr(spine, field))
    beats = Gauge(
        "visor_heartbeat_age_seconds",
        "Seconds since a role was seen at work",
        ["service", "role"],
        registry=registry,
    )
    for role, seconds in spine.heartbeats.items():
        beats.labels(service, role).set(seconds)


def _may_read() -> bool:
    token = guard.runtime().settings.metrics_token
    if token is not None:
        return hmac.compare_digest((guard.credential() or "").encode(), token.encode())
    return _loopback(request.remote_addr or "") and not came_through(request.environ)


def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
