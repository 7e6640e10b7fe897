"""The web process of one machine: three services behind the edge, asking each other in-process."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import httpx

from deploy import assembly
from deploy.web.edge import Edge
from shared.directory.client import DirectoryClient
from shared.settings import Settings
from shared.web.static_files import with_assets

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def build(settings: Settings | None = None) -> WSGIApplication:
    """The whole suite as one WSGI application."""
    settings = settings or Settings.from_environment()
    runtimes = assembly.open_runtimes(settings)
    services = {name: assembly.application(runtime, settings) for name, runtime in runtimes.items()}
    inside = {
        name: httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://localhost")
        for name, app in services.items()
    }
    for name, runtime in runtimes.items():
        runtime.extras["http"] = inside
        credential = partial(assembly.system_credential, settings, name)
        runtime.extras["directory"] = DirectoryClient(inside["identity"], credential)
    return with_assets(Edge(services, settings.trusted_proxies))
