"""One record, and everybody who has nothing to do with it: no route of any service gives them a word of it."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import httpx
import pytest

from shared.web.form_pages import CHANGE
from shared.web.forms import FIND
from tests.journeys.test_story_api import REFERRAL, create
from tests.journeys.world import World
from tests.walk.routes import Route, routes

STRANGERS = ("nadia.qureshi", "patrick.doyle", "arthur.moncrieff", "yvonne.blenkinsop", "carys.probert")
# What a stranger may ask for without a reason: to be let in, and to become partner (PF-7/Accessing.2, PF-5.13).
DECLARE = "conflicts.declare"
THE_WAY_IN = {"access.open", "partnership.request", DECLARE}
_TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]+)"')
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.+Z]*")
# How an empty list says that it is one.
PAGING = {"page", "pages", "total", "next"}
# What stands in the record's attachments: to a stranger nothing of it, to whoever stands to the record not all.
TELEPHONE, VICTIM, REPORT = "07700900987", "Vera Victim", "Conditional words"
SECRETS = (
    str(REFERRAL["surname"]),
    str(REFERRAL["pnc"]),
    str(REFERRAL["noms"]),
    str(REFERRAL["crn"]),
    TELEPHONE,
    VICTIM,
    REPORT,
)
ABOUT = {"source": "agency", "source_date": "2026-01-02"}
ATTACHED: dict[str, dict[str, Any]] = {
    "telecoms": {
        "telecom_type": "mobile",
        "number_or_address": TELEPHONE,
        "from_date": "2026-01-02",
        "status": "current",
    },
    "victims": {
        "victim_reference": "VV",
        "name_encrypted": VICTIM,
        "relationship_to_nominal": "Neighbour",
        "victim_contact_scheme": "opted in",
    },
    "intelligence": {
        "report_reference": "IR 1",
        "originating_agency": "prison",
        "report_date": "2026-01-02",
        "source_grade": "1",
        "information_grade": "A",
        "handling_code": "C",
        "handling_conditions": "Ask first",
        "sanitised": True,
        "content": REPORT,
    },
}


@pytest.fixture(scope="module")
def nominal(world: World) -> str:
    """A record with an entry of each grading, by the practitioner who keeps it."""
    made = create(world)
    for folder, given in ATTACHED.items():
        url = f"/records/api/nominals/{made}/attachments/{folder}"
        answer = world.client("ruth.ackroyd").post(url, json={**ABOUT, **given})
        assert answer.status_code == 201, answer.text
    return made


@pytest.fixture(scope="module")
def entries(world: World, nominal: str) -> dict[str, str]:
    """Folder → its entry's id."""
    rows = world.sql("records", "SELECT folder, id FROM attachment_entry WHERE nominal_id = :id", id=nominal)
    return {row[0]: str(row[1]) for row in rows}


@pytest.mark.clause("PF-1.4.3")
def test_nobody_reads_code_c_or_what_is_masked_by_standing_to_the_record(
    world: World, nominal: str, entries: dict[str, str]
) -> None:
    """The supervisor of the record, on every route about it, with the ids of its entries."""
    client = world.client("joanna.kaczmarek")
    told: list[tuple[str, str]] = []
    seen = False
    for route in routes(world.apps):
        if route.declared is None or "nominal_id" not in route.url or "GET" not in route.methods:
            continue
        for folder, entry_id in entries.items():
            answer = client.get(route.at(nominal_id=nominal, entry_id=entry_id, folder=folder))
            seen = seen or TELEPHONE in answer.text
            told += [(route.name, secret) for secret in (VICTIM, REPORT) if secret in answer.text]
            if "entry_id" not in route.url and "<folder>" not in route.url:
                break
    assert told == []
    assert seen
    listed = client.get(f"/records/api/nominals/{nominal}/attachments").json()["folders"]
    assert [one["total"] for one in listed if one["key"] == "intelligence"] == [0]


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


@pytest.mark.clause("PF-5.13.2")
@pytest.mark.parametrize("button", [{}, {FIND: "nothing"}, {CHANGE: "nothing"}])
def test_no_form_of_a_record_comes_again_to_a_stranger_who_sends_it_unasked(
    world: World, nominal: str, button: dict[str, str]
) -> None:
    """Also one that is wrongly filled: what its lists offer says things of the record."""
    client, told = world.client(STRANGERS[0]), []
    token = _TOKEN.search(client.get("/records/search").text)
    assert token
    sent = 0
    for route in routes(world.apps):
        if route.declared is None or route.is_api or not {"GET", "POST"} <= route.methods:
            continue
        if "nominal_id" in route.url and route.declared.name not in THE_WAY_IN:
            sent, address = sent + 1, route.at(nominal_id=nominal)
            answer = client.post(address, data={"csrf_token": token[1], **button})
            again = answer.is_success or f'action="{address}"' in answer.text
            if again and _says_something(answer):
                told.append((route.name, answer.status_code))
    assert told == []
    assert sent > 100


@pytest.mark.parametrize("username", STRANGERS)
def test_no_report_names_a_stranger_s_record(world: World, nominal: str, username: str) -> None:
    client, told = world.client(username), []
    for route in routes(world.apps):
        if route.declared is not None and route.declared.name.startswith("reports."):
            text = _text(_ask(client, route, nominal))
            if nominal in text or any(secret in text for secret in SECRETS):
                told.append(route.name)
    assert told == []


def test_a_workbook_is_read_as_what_it_says(world: World) -> None:
    """So that the walk would find a name in it."""
    answer = world.client("samuel.oyelade").get("/records/reports/rpt-06/xlsx")
    assert answer.is_success
    assert "Live records" not in answer.text
    assert "Live records" in _text(answer)


@pytest.mark.clause("PF-5.13.2")
def test_one_record_more_changes_nothing_of_what_a_stranger_is_told(world: World, nominal: str) -> None:
    """Counts, lists, feeds and reports, of every service. Whoever oversees the area reads its counts, not these."""
    strangers = [world.client(name) for name in ("nadia.qureshi", "patrick.doyle", "yvonne.blenkinsop")]
    first = [_all_told(world, client) for client in strangers]
    before = [
        {name: said for name, said in _all_told(world, client).items() if told.get(name) == said}
        for client, told in zip(strangers, first, strict=True)
    ]
    assert all(len(said) > max(40, 0.8 * len(told)) for said, told in zip(before, first, strict=True))
    numbers = {"pnc": None, "noms": None, "crn": "K410927"}
    create(world, **numbers, surname="Unlike", forenames="Quite", date_of_birth="1951-07-08")
    world.settled()
    for client, said in zip(strangers, before, strict=True):
        after = _all_told(world, client)
        assert {name: (said[name], after.get(name)) for name in said if said[name] != after.get(name)} == {}


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


def _all_told(world: World, client: httpx.Client) -> dict[str, str]:
    """What every address that needs no id gives, by name; without moments, which go on by themselves."""
    found = {}
    for route in routes(world.apps):
        asked = route.declared is not None and route.is_api and "GET" in route.methods
        if asked and "<" not in route.url:
            answer = client.get(route.url)
            if answer.is_success and answer.headers["content-type"].startswith("application/json"):
                found[route.name] = _MOMENT.sub("", answer.text)
    return found


def _text(answer: httpx.Response) -> str:
    """A workbook is a packed file: its parts, unpacked."""
    if not answer.content.startswith(b"PK"):
        return answer.text
    with ZipFile(BytesIO(answer.content)) as parts:
        return " ".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


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
