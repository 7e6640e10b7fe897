"""Signing in for programs: what the OpenAPI document says of it, and that it is so."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.services.identity.browser import HTTPS, Browser
from tests.services.identity.house import PASSWORD, House

PATHS = (
    "sign-in",
    "sign-in/code",
    "sign-in/confirm",
    "people/{person_id}/recovery-code",
    "my-password",
    "passkeys",
)


@pytest.fixture
def browser(app: Flask, house: House) -> Browser:
    house.add("ann.ash", "pdu-N55LEE")
    house.add("ida.admin", "home-office", vetting=("nppv3", -9, 300), tokens=(("admin", "home-office"),))
    return Browser(app, house, "10.1.0.7")


def test_the_document_describes_signing_in(browser: Browser) -> None:
    paths = browser.client.get("/identity/api/openapi.json", base_url=HTTPS).get_json()["paths"]
    for path in PATHS:
        operation = paths[f"/identity/api/{path}"]["post"]
        assert operation["summary"] or operation["description"], path
    sent = paths["/identity/api/sign-in/code"]["post"]
    assert {"200", "401", "403", "429"} <= set(sent["responses"])
    assert "/identity/api/sign-in/confirm" in browser.get("/identity/api/").text


def test_a_program_signs_in_in_two_steps(browser: Browser, house: House) -> None:
    first = browser.client.post(
        "/identity/api/sign-in", json={"username": "ann.ash", "password": PASSWORD}, **browser.where
    )
    assert first.get_json() == {"asks_attestation": True, "passkey": ""}
    given = {"code": house.code(), "secure_office": True}
    second = browser.client.post("/identity/api/sign-in/code", json=given, **browser.where)
    assert (second.status_code, second.get_json()["scope"]) == (200, "full")
    assert browser.get("/identity/my-access").status_code == 200
    again = browser.client.post("/identity/api/sign-in/code", json=given, **browser.where)
    assert (again.status_code, again.get_json()["title"]) == (401, "START_AGAIN")


@pytest.mark.parametrize(
    "body",
    [{}, {"username": "ann.ash"}, {"username": "ann.ash", "password": PASSWORD, "more": 1}, {"username": []}],
)
def test_what_is_no_sign_in_is_said_field_by_field(browser: Browser, body: dict[str, object]) -> None:
    answer = browser.client.post("/identity/api/sign-in", json=body, **browser.where)
    assert answer.status_code == 422
    assert answer.get_json()["errors"]
    assert answer.mimetype == "application/problem+json"


@pytest.mark.clause("PI-A.2")
def test_a_recovery_code_is_made_by_an_administrators_program(
    app: Flask, browser: Browser, house: House
) -> None:
    path = f"/identity/api/people/{house.people['ann.ash']}/recovery-code"
    assert browser.client.post(path, **browser.where).status_code == 401
    ida = Browser(app, house, "10.5.0.7")
    ida.sign_in("ida.admin")
    made = ida.client.post(path, **ida.where).get_json()
    assert (made["username"], len(made["code"].replace("-", ""))) == ("ann.ash", 20)
    ida.wait(minutes=11)
    stale = ida.client.post(path, **ida.where)
    assert (stale.status_code, stale.get_json()["code"]) == (401, "R31")
