"""The web process of one machine: three services behind the edge, asking each other in-process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial

from deploy import assembly
from deploy.web.edge import Edge, in_process
from deploy.web.front import Front
from shared import log
from shared.directory.client import DirectoryClient
from shared.messaging.status import delayed
from shared.runtime import Runtime
from shared.settings import Settings
from shared.web.display import Notice
from shared.web.frame import delayed_notice
from shared.web.static_files import with_assets

_ASK_SECONDS = 3.0


class Notices:
    """What the system has to say on every page: asked of the databases once in a few seconds, not for each page."""

    def __init__(self, runtimes: Mapping[str, Runtime]) -> None:
        self._runtimes = runtimes
        self._asked_at = -_ASK_SECONDS
        self._delayed = False

    def __call__(self) -> tuple[Notice, ...]:
        if time.monotonic() - self._asked_at > _ASK_SECONDS:
            self._asked_at = time.monotonic()
            self._delayed = any(delayed(runtime.database.reading) for runtime in self._runtimes.values())
        return (delayed_notice(),) if self._delayed else ()


def front(settings: Settings, runtimes: Mapping[str, Runtime]) -> Front:
    """The three services behind the edge; their calls to each other stay in this process."""
    services = {name: assembly.application(runtime, settings) for name, runtime in runtimes.items()}
    inside = {name: in_process(app) for name, app in services.items()}
    notices = Notices(runtimes)
    for name, runtime in runtimes.items():
        runtime.extras["http"] = inside
        runtime.extras["notices"] = notices
        credential = partial(assembly.system_credential, settings, name)
        runtime.extras["directory"] = DirectoryClient(inside["identity"], credential)
    return Front(with_assets(Edge(services, settings.trusted_proxies)), services, runtimes)


def build(settings: Settings | None = None) -> Front:
    """The whole suite as one WSGI application."""
    log.configure()
    settings = settings or Settings.from_environment()
    return front(settings, assembly.open_runtimes(settings))
