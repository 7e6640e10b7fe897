"""`/healthz` and `/readyz` of a process that serves no pages, on the port of VISOR_HEALTH_PORT."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Check = Callable[[], bool]


class ProcessHealth:
    """Answers on this machine only: `alive` says whether every role's thread runs, `ready` whether databases answer."""

    def __init__(self, port: int, alive: Check, ready: Check) -> None:
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", port), _handler({"/healthz": alive, "/readyz": ready})
        )
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(checks: dict[str, Check]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            check = checks.get(self.path)
            if check is None:
                self._say(HTTPStatus.NOT_FOUND, "nothing here")
            elif check():
                self._say(HTTPStatus.OK, "yes")
            else:
                self._say(HTTPStatus.SERVICE_UNAVAILABLE, "no")

        def _say(self, status: HTTPStatus, words: str) -> None:
            body = f"{words}\n".encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Whoever watches asks each few seconds; the log is for what happens."""

    return Handler
