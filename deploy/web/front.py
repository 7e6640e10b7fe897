"""What a web process serves, and the connections that it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask

from shared.runtime import Runtime

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass(frozen=True)
class Front:
    """The WSGI application, and the services' own behind it."""

    application: WSGIApplication
    apps: Mapping[str, Flask]
    runtimes: Mapping[str, Runtime]

    def hang_up(self) -> None:
        """End the connections that wait in pools: processes must not share one across a fork."""
        for app in self.apps.values():
            with app.app_context():
                app.extensions["sqlalchemy"].engine.dispose()
        for runtime in self.runtimes.values():
            runtime.hang_up()
