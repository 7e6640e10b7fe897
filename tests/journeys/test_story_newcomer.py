"""A newcomer's way from nomination to first sign-in, and out again, through all three services."""

from __future__ import annotations

import re
import time
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.identity.sign_in import one_time_codes
from services.identity.training.models import TrainingRecord
from shared.clock import SystemClock
from tests.journeys.test_story_api import items
from tests.journeys.world import World

PASSWORD = "seven purple herons over Wharfedale"
CARD = {
    "name": "Nadia Newcomer",
    "position": "probation_officer",
    "job_title": "Probation officer",
    "email": "nadia.newcomer@example.invalid",
    "telephone": "0113 496 0150",
    "unit": "pdu-N55LEE",
}
PAGES = ("/identity/my-access", "/records/nominals", "/notifications/todo")
CLOSES_WITHIN = 5.0  # seconds
_CSRF = re.compile(r'name="csrf_token" value="([0-9a-f]+)"')


def did(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json()


def post_form(client: httpx.Client, page: str, **fields: str) -> httpx.Response:
    token = _CSRF.search(client.get(page).text)
    assert token, page
    return client.post(page, data={"csrf_token": token[1], **fields})


def recovered(world: World, person: str) -> None:
    """An administrator hands over a code; with it Nadia sets her password and her one-time codes."""
    page = post_form(world.client("yvonne.blenkinsop"), f"/identity/people/{person}/first-credentials").text
    code = re.search(r"\b(?:[A-Z2-9]{4}-){4}[A-Z2-9]{4}\b", page)
    assert code, page
    browser = httpx.Client(transport=httpx.WSGITransport(app=world.application), base_url="https://localhost")
    assert post_form(browser, "/identity/recover", code=code[0]).status_code == 303
    secret = re.search(r"secret=([A-Z2-7]{32})", browser.get("/identity/recover/new").text)
    assert secret
    app_code = one_time_codes.code_at(secret[1], SystemClock().now())
    given = {"new_password": PASSWORD, "new_password_again": PASSWORD, "app_code": app_code}
    answer = post_form(browser, "/identity/recover/new", **given)
    assert answer.status_code == 303, answer.text


def sign_in(world: World, username: str) -> tuple[httpx.Client, str]:
    """At a desk of Leeds' office; returns the browser and the session's scope, or the refusal's code."""
    browser = httpx.Client(transport=httpx.WSGITransport(app=world.application), base_url="https://localhost")
    with world.runtimes["identity"].database.engine.begin() as connection:
        # A code counts once, and the next one is half a minute away: as if it had passed.
        connection.execute(text("UPDATE credential SET last_step = 0"))
    place = {"unit": "pdu-N55LEE", "network": "lan", "terminal": "none"}
    did(browser.post("/identity/api/demonstration/place", json=place))
    code = did(browser.post("/identity/api/demonstration/code", json={"username": username}))["code"]
    did(browser.post("/identity/api/sign-in", json={"username": username, "password": PASSWORD}))
    answer = browser.post("/identity/api/sign-in/code", json={"code": code, "secure_office": True})
    return browser, str(answer.json()["scope"] if answer.is_success else answer.json()["code"])


def signed(browser: httpx.Client) -> None:
    """Every document that is to be signed; the session ends with the last."""
    for one in did(browser.get("/identity/api/documents"))["documents"]:
        text = browser.get(f"/identity/api/documents/{one['code']}")
        if text.is_success:
            ticks = {"accepted": True, "consequences": True}
            given = {"text_hash": text.json()["text_hash"], "typed_name": CARD["name"], **ticks}
            browser.post(f"/identity/api/documents/{one['code']}/sign", json=given)


def trained(world: World, person: str) -> None:
    with world.runtimes["identity"].system_work("test.train") as work:
        work.session.add(
            TrainingRecord(
                person_id=person,
                course="ViSOR end user",
                course_kind="user",
                approval_reference="NVTWG-1",
                provider="HMPPS",
                trainer="A Trainer",
                delivered_on=work.today,
                passed=True,
            )
        )


@pytest.mark.clause(
    "PF-5.9.4",
    "PF-4.16/A.6",
    "PF-4.16/A.7",
    "PF-4.16a.1",
    "PSI-5.3.4.2",
    "PF-4.38.1",
    "PF-4.38.3",
    "PF-4.38.2",
)
def test_from_nomination_to_first_sign_in_and_to_leaving(world: World) -> None:
    malcolm, samuel = world.client("malcolm.sugden"), world.client("samuel.oyelade")
    yvonne = world.client("yvonne.blenkinsop")
    person = did(malcolm.post("/identity/api/people", json=CARD))["id"]
    here = f"/identity/api/people/{person}"
    username = "nadia.newcomer"
    asked = {"reason": "Joins the team in Leeds"}

    # Nobody asks for an account before vetting and training are in place.
    assert malcolm.post(f"{here}/request", json=asked).json()["code"] == "R01"
    today = world.today()
    vetting = {"kind": "nppv2", "reference": "V-1", "vetting_force": "West Yorkshire Police"}
    dates = {"cleared_on": today.isoformat(), "expires_on": today.replace(year=today.year + 2).isoformat()}
    did(samuel.post(f"{here}/vetting", json=vetting | dates))
    assert malcolm.post(f"{here}/request", json=asked).json()["code"] == "R04"

    # She signs before she is trained, in a session that opens nothing else.
    recovered(world, person)
    nadia, scope = sign_in(world, username)
    assert scope == "onboarding"
    steps = {step["key"]: step["done"] for step in did(nadia.get("/identity/api/my-onboarding"))["steps"]}
    assert (steps["vetting"], steps["syops"], steps["training"]) == (True, False, False)
    assert nadia.get("/records/nominals").status_code == 403
    signed(nadia)
    trained(world, person)

    # The CPC's nominee asks, the CPC authorises, an administrator makes it: each is told on their list.
    did(malcolm.post(f"{here}/request", json=asked))
    wait_for(world, "samuel.oyelade", "account_requested", person)
    did(samuel.post(f"{here}/authorise", json={"confirmed": True}))
    wait_for(world, "yvonne.blenkinsop", "account_authorised", person)
    assert not told(world, "samuel.oyelade", "account_requested", person)
    did(yvonne.post(f"{here}/account", json={"username": username}))
    nadia, scope = sign_in(world, username)
    assert scope == "full"
    wait_for(world, "samuel.oyelade", "account_activated", person)
    granted = {"token": "partner", "unit": "pdu-N55LEE", "reason": "Works with nominals"}
    order = did(samuel.post(f"{here}/tokens", json=granted))
    token = did(yvonne.post(f"/identity/api/token-orders/{order['id']}/set", json={}))
    assert [nadia.get(page).status_code for page in PAGES] == [200, 200, 200]

    # She leaves: every page closes at once, and the account is archived when nothing is left to hand over.
    did(world.client("joanna.kaczmarek").post(f"{here}/leaver", json={"left_on": today.isoformat()}))
    closed(nadia)
    wait_for(world, "samuel.oyelade", "leaver", person)
    counted = "SELECT 1 FROM holding WHERE person_id = :who"
    world.eventually(lambda: world.sql("identity", counted, who=person), "the count of what she holds")
    did(samuel.post(f"{here}/leaver/confirm", json={}))
    refused = samuel.post(f"{here}/archive", json={}).json()
    assert (refused["code"], "1 token" in refused["detail"]) == ("R38", True)
    end_token(samuel, token)
    did(samuel.post(f"{here}/archive", json={}))
    card = did(samuel.get(here))
    assert (card["active"], card["left_on"], card["name"]) == (False, today.isoformat(), "Nadia Newcomer")
    gone = "SELECT 1 FROM leaving WHERE person_id = :who"
    world.eventually(lambda: not world.sql("records", gone, who=person), "the end of the counting")
    world.eventually(lambda: not told(world, "samuel.oyelade", "leaver", person), "the item's closing")


def end_token(samuel: httpx.Client, token: Any) -> None:
    answer = samuel.post(
        f"/identity/api/tokens/{token['grant_id']}/end", json={"reason": "Has left the role"}
    )
    did(answer)


def told(world: World, username: str, kind: str, person: str) -> bool:
    """Whether somebody's list has such an item about this person."""
    return any(one["kind"] == kind and person in one["link"] for one in items(world, username))


def wait_for(world: World, username: str, kind: str, person: str) -> None:
    world.eventually(lambda: told(world, username, kind, person), f"the item {kind}")


def closed(browser: httpx.Client) -> None:
    until = time.monotonic() + CLOSES_WITHIN
    while any(browser.get(page).status_code == 200 for page in PAGES):
        assert time.monotonic() < until
        time.sleep(0.1)
