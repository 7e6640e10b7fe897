"""The web process of one service alone, behind a reverse proxy that joins them to one site.

It asks the others over HTTP: identity for access tokens and the directory, records for cards.
"""

from __future__ import annotations

import os
from functools import partial

import httpx

from deploy import assembly
from deploy.web.edge import Edge, in_process
from deploy.web.front import Front
from deploy.web.one_machine import Notices
from shared import log
from shared.directory.client import DirectoryClient
from shared.settings import SERVICES, Settings
from shared.web.static_files import with_assets

_SECONDS = 5


def build(name: str, settings: Settings | None = None) -> Front:
    """Raises ValueError for a name that is no service's."""
    if name not in SERVICES:
        raise ValueError(f"VISOR_SERVICE is {name}: one of {', '.join(SERVICES)} is needed")
    log.configure()
    settings = settings or Settings.from_environment()
    runtime = assembly.open_runtime(name, settings)
    app = assembly.application(runtime, settings)
    # Nobody asks notifications anything.
    asked = {
        "identity": httpx.Client(base_url=assembly.identity_url(settings), timeout=_SECONDS),
        "records": httpx.Client(base_url=_records_url(settings), timeout=_SECONDS),
        name: in_process(app),
    }
    runtime.extras["http"] = asked
    runtime.extras["notices"] = Notices({name: runtime})
    credential = partial(assembly.system_credential, settings, name)
    runtime.extras["directory"] = DirectoryClient(asked["identity"], credential)
    edge = Edge({name: app}, settings.trusted_proxies, asked["identity"])
    return Front(with_assets(edge), {name: app}, {name: runtime})


def _records_url(settings: Settings) -> str:
    """Where records answers; on one machine the site's own port."""
    return os.environ.get("VISOR_RECORDS_URL", f"http://127.0.0.1:{settings.port}")
