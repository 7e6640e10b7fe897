"""One record, and everybody who has nothing to do with it: no route of any service gives them a word of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.journeys.test_story_api import REFERRAL, create
from tests.journeys.world import World
from tests.walk.routes import Route, routes

pytestmark = pytest.mark.xdist_group("walk")
STRANGERS = ("nadia.qureshi", "patrick.doyle", "arthur.moncrieff", "yvonne.blenkinsop", "carys.probert")
# What a stranger may ask for without a reason: to be let in, and to become partner (PF-7/Accessing.2, PF-5.13).
DECLARE = "conflicts.declare"
THE_WAY_IN = {"access.open", "partnership.request", DECLARE}
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


WHY = "A full and reasonable explanation, for the test."


@pytest.fixture(scope="module")
def number(world: World, nominal: str) -> str:
    answer = world.client("ruth.ackroyd").get(f"/records/api/nominals/{nominal}")
    return str(answer.json()["visor_number"])


@pytest.mark.clause("PF-4.16l.2")
def test_under_a_conflict_of_interest_its_supervisor_reads_nothing_more(
    world: World, nominal: str, number: str
) -> None:
    here = f"/records/api/nominals/{nominal}/conflicts"
    made = world.client("joanna.kaczmarek").post(here, json={"reason": WHY})
    assert made.status_code == 201, made.text
    walk(world, "joanna.kaczmarek", nominal, number, "R49")
    ended = f"{here}/{made.json()['conflict_id']}/end"
    assert world.client("samuel.oyelade").post(ended, json={"reason": WHY}).status_code == 200


@pytest.fixture(scope="module")
def limited(world: World, nominal: str) -> None:
    listed = str(world.principal("ruth.ackroyd").person_id)
    review_on = (world.today() + timedelta(days=90)).isoformat()
    given = {"reason": WHY, "review_on": review_on, "people": [listed]}
    here = f"/records/api/nominals/{nominal}/limited-access"
    made = world.client("samuel.oyelade").post(here, json=given)
    assert made.status_code == 201, made.text


@pytest.mark.clause("PF-4.16l.1", "PF-4.16l.2")
@pytest.mark.usefixtures("limited")
@pytest.mark.parametrize("username", ["joanna.kaczmarek", "nadia.qureshi"])
def test_under_limited_access_who_is_not_listed_reads_nothing_whatever_their_part(
    world: World, nominal: str, number: str, username: str
) -> None:
    walk(world, username, nominal, number, "R15")


@pytest.mark.usefixtures("limited")
def test_who_is_listed_and_its_cpc_read_on(world: World, nominal: str) -> None:
    for username in ("ruth.ackroyd", "samuel.oyelade"):
        answer = world.client(username).get(f"/records/api/nominals/{nominal}")
        assert answer.status_code == 200, answer.text


def walk(world: World, username: str, nominal: str, number: str, code: str) -> None:
    """Every route of records and notifications, lists, counts, cards, feeds and reports: not a word of it."""
    client, told = world.client(username), list[tuple[str, object]]()
    for route in routes(world.apps):
        if route.declared is None or route.url.startswith("/identity") or route.declared.name == DECLARE:
            continue
        answer = _ask(client, route, nominal)
        if any(secret in answer.text for secret in (*SECRETS, number)):
            told.append((route.name, "names the person"))
        if "nominal_id" in route.url and answer.is_success and _says_something(answer):
            told.append((route.name, answer.status_code))
    assert told == []
    assert client.get(f"/records/api/nominals/{nominal}").json()["code"] == code
    reason = {"reason_type": "other", "reason": WHY}
    assert client.post(f"/records/api/nominals/{nominal}/opening", json=reason).json()["code"] == code
    assert client.post("/records/api/cards", json={"nominal_ids": [nominal]}).json() == {"cards": []}
    found = client.post("/records/api/search", json={"surname": REFERRAL["surname"], "forename": "Darren"})
    assert nominal not in found.text
    assert not any(secret in found.text for secret in SECRETS)
    assert [line for line in found.json()["results"] if line["nominal_id"] is None]


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
