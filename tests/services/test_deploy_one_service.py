"""Each service in a web process of its own: one session for the site, and the others asked over HTTP."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from deploy.ports import free_port
from deploy.run import web_command
from deploy.web import one_service
from tests.load.web import wait_for
from tests.servers.processes import BACKSTAGE, called, told
from tests.servers.running import Running, start

RUTH = "ruth.ackroyd"


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("alone")
    folder.chmod(0o711)
    running = start(folder / "home", free_port(), None)
    yield running
    running.stop()


@contextmanager
def alone(suite: Running, name: str, **more: str) -> Iterator[str]:
    """The address of a process that serves this service and no other."""
    port = free_port()
    environment = suite.environment | {"VISOR_SERVICE": name, "VISOR_DATABASE_URL": database(suite)}
    server = subprocess.Popen(web_command(port), env=environment | more)
    try:
        wait_for(port, server)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(30)


def database(suite: Running) -> str:
    """What the suite told its own children."""
    [behind] = called(BACKSTAGE, suite.home)
    return told(behind)["VISOR_DATABASE_URL"]


def session(suite: Running) -> dict[str, str]:
    """The cookies of somebody who signed in at the suite's own site, as programs do.

    They are for TLS or localhost alone, so that httpx would not send them to a plain address by itself.
    """
    kept: dict[str, str] = {}

    def post(path: str, **given: object) -> dict[str, Any]:
        shown = {"Cookie": "; ".join(f"{name}={value}" for name, value in kept.items())}
        answer = httpx.post(f"{suite.address}/identity/api/{path}", json=given, headers=shown, timeout=20)
        answer.raise_for_status()
        for one in answer.headers.get_list("set-cookie"):
            name, _, value = one.split(";")[0].partition("=")
            kept[name] = value
        found: dict[str, Any] = answer.json()
        return found

    post("demonstration/place", unit="pdu-N55LEE", network="lan", terminal="none")
    code = post("demonstration/code", username=RUTH)["code"]
    post("sign-in", username=RUTH, password=suite.password)
    post("sign-in/code", code=code, secure_office=True)
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in kept.items())}


def test_a_name_that_is_no_service_stops_the_start() -> None:
    with pytest.raises(ValueError, match="VISOR_SERVICE is everything"):
        one_service.build("everything")


def test_each_serves_its_own_pages_in_one_session(suite: Running) -> None:
    cookies = session(suite)
    with alone(suite, "records") as records:
        assert httpx.get(f"{records}/records/nominals", headers=cookies, timeout=20).status_code == 200
        assert httpx.get(f"{records}/notifications/todo", headers=cookies, timeout=20).status_code == 404
        assert httpx.get(f"{records}/records/nominals", timeout=20).status_code != 200
        with alone(suite, "notifications", VISOR_RECORDS_URL=records) as notifications:
            listed = httpx.get(f"{notifications}/notifications/todo", headers=cookies, timeout=20)
            assert listed.status_code == 200


def test_with_identity_away_it_says_so(suite: Running) -> None:
    cookies = session(suite)
    nobody = f"http://127.0.0.1:{free_port()}"
    with alone(suite, "records", VISOR_IDENTITY_URL=nobody) as records:
        answer = httpx.get(f"{records}/records/nominals", headers=cookies, timeout=20)
        assert answer.status_code == 503
