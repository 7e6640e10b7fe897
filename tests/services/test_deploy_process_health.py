"""A process without pages can be watched too."""

from __future__ import annotations

import httpx
import pytest

from deploy.process_health import ProcessHealth


@pytest.mark.parametrize(("alive", "ready"), [(True, True), (True, False), (False, False)])
def test_it_says_whether_it_lives_and_whether_it_is_ready(alive: bool, ready: bool) -> None:
    health = ProcessHealth(0, lambda: alive, lambda: ready)
    health.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{health.port}") as client:
            statuses = [client.get(path).status_code for path in ("/healthz", "/readyz", "/other")]
    finally:
        health.stop()

    assert statuses == [200 if alive else 503, 200 if ready else 503, 404]
