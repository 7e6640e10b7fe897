"""The next deadline on the summary: told by notifications, and left out when it is away."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from shared.access.principal import Principal
from tests.servers.records import World
from tests.services.records.conftest import Cast, Web


@pytest.mark.clause("PF-7/Nominal Summary.2")
@pytest.mark.parametrize(
    ("status", "body", "shown"),
    [
        (
            200,
            {"running": 2, "duty": "Answer the request", "due_on": "2026-04-03", "state": "due_soon"},
            "Due soon",
        ),
        (200, {"running": 0, "duty": None, "due_on": None, "state": None}, ">None</a>"),
        (503, {}, "See deadlines"),
        (200, {"nothing": "known"}, "See deadlines"),
    ],
)
def test_what_notifications_says(
    records: World,
    cast: Cast,
    web: Callable[[Principal], Web],
    status: int,
    body: dict[str, object],
    shown: str,
) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(status, json=body)

    client = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://localhost")
    browser = web(cast.manager)
    records.runtime.extras["http"] = {"notifications": client}
    page = browser.get(f"/nominals/{cast.nominal}").text
    del records.runtime.extras["http"]
    assert shown in page
    [request] = asked
    assert request.url.path == f"/notifications/api/nominals/{cast.nominal}/deadlines/next"
    assert request.headers["Authorization"].startswith("Bearer ")


def test_away_it_is_left_out(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("away", request=request)

    client = httpx.Client(transport=httpx.MockTransport(away), base_url="http://localhost")
    browser = web(cast.manager)
    records.runtime.extras["http"] = {"notifications": client}
    assert "See deadlines" in browser.get(f"/nominals/{cast.nominal}").text
    del records.runtime.extras["http"]
