"""The web server that everything is measured under: the suite's own command, with another application for the floor."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

from deploy.databases import plain
from deploy.ports import free_port
from deploy.run import web_command
from tests.load.ground import Ground

SUITE = "deploy.web.wsgi:application"
FLOOR = "tests.load.floor:application"


@contextmanager
def serving(ground: Ground, application: str = SUITE) -> Iterator[int]:
    """The port on which granian serves this application, as `visor run` would have it."""
    port = free_port()
    command = [application if part == SUITE else part for part in web_command(port)]
    environment = ground.environment | {"BENCH_DATABASE": plain(ground.settings.owner_database("records"))}
    server = subprocess.Popen(command, env=environment)
    try:
        wait_for(port, server)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_for(port: int, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"nothing listens on {port}")


def first_page(port: int, path: str, seconds: float = 120) -> None:
    """Wait until this page is answered."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"{path} was not answered within {seconds} s")
