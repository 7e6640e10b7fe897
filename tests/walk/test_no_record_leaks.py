"""One record, and everybody who has nothing to do with it: no route of any service gives them a word of it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.journeys.test_story_api import REFERRAL, create
from tests.journeys.world import World
from tests.walk.routes import Route, routes

pytestmark = pytest.mark.xdist_group("walk")
STRANGERS = ("nadia.qureshi", "patrick.doyle", "arthur.moncrieff", "yvonne.blenkinsop", "carys.probert")
# What a stranger may ask for without a reason: to be let in, and to become partner (PF-7/Accessing.2, PF-5.13).
THE_WAY_IN = {"access.open", "partnership.request"}
# How an empty list says that it is one.
PAGING = {"page", "pages", "total", "next"}
SECRETS = (str(REFERRAL["surname"]), str(REFERRAL["pnc"]), str(REFERRAL["noms"]), str(REFERRAL["crn"]))


@pytest.fixture(scope="module")
def nominal(world: World) -> str:
    return create(world)


@pytest.mark.clause("PF-5.13.2", "PF-7/Partner token.2", "PF-7/Accessing.1")
@pytest.mark.parametrize("username", STRANGERS)
def test_a_stranger_reads_nothing_of_a_record(world: World, nominal: str, username: str) -> None:
    client = world.client(username)
    told: list[tuple[str, object]] = []
    for route in routes(world.apps):
        if route.declared is None or "nominal_id" not in route.url or route.declared.name in THE_WAY_IN:
            continue
        answer = _ask(client, route, nominal)
        if answer.is_success and _says_something(answer):
            told.append((route.name, answer.status_code))
        if any(secret in answer.text for secret in SECRETS):
            told.append((route.name, "names the person"))
    assert told == []


@pytest.mark.parametrize("username", STRANGERS)
def test_no_report_names_a_stranger_s_record(world: World, nominal: str, username: str) -> None:
    client, told = world.client(username), []
    for route in routes(world.apps):
        if route.declared is not None and route.declared.name.startswith("reports."):
            answer = _ask(client, route, nominal)
            if nominal in answer.text or any(secret in answer.text for secret in SECRETS):
                told.append(route.name)
    assert told == []


def _ask(client: httpx.Client, route: Route, nominal: str) -> httpx.Response:
    url = route.at(nominal_id=nominal)
    method = "GET" if "GET" in route.methods else min(route.methods)
    more: dict[str, Any] = {} if method == "GET" or not route.is_api else {"json": {}}
    return client.request(method, url, **more)


def _says_something(answer: httpx.Response) -> bool:
    """A page of notifications that shows no deadline, and an empty list, say nothing of the record."""
    if answer.headers["content-type"].startswith("application/json"):
        return any(value for name, value in answer.json().items() if name not in PAGING)
    return "/notifications/" not in str(answer.url)
