"""Passkeys, made and asked by a real browser with a virtual security key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page
from sqlalchemy import update

from services.identity.passkeys.models import Passkey
from services.identity.passkeys.rules import MOST, why_not_add
from services.identity.sessions.models import SignInSession
from shared.ids import new_id
from tests.browser.conftest import (
    NARROW,
    NARROWEST,
    WIDE,
    assets,
    at_width,
    axe,
    base_url,
    browser_type_launch_args,
    no_sideways_scroll,
    screenshot,
)
from tests.services.identity.browser import Browser as Plain
from tests.services.identity.house import PASSWORD, House
from tests.services.identity.live import give_code, give_password, served, wait

__all__ = ["assets", "axe", "base_url", "browser_type_launch_args"]
KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address(app: Flask, house: House) -> Iterator[str]:
    house.add("ann.ash", "pdu-N55LEE")
    house.add("bob.birch", "pdu-N55LEE")
    with served(app, house) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def plug_in(page: Page) -> tuple[CDPSession, str]:
    """A security key of this browser's own."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]


def sign_in(page: Page, address: str, house: House, username: str = "ann.ash") -> None:
    house.clock.at += timedelta(seconds=30)
    give_password(page, address, username)
    give_code(page, house)


def asks_to_add(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/identity/passkeys/add")
    page.get_by_label("Name of the passkey").fill(name)
    page.get_by_role("button", name="Add the passkey").click()


def add(page: Page, address: str, name: str) -> None:
    """The browser asks the key first, so that the form is sent some time after the click."""
    asks_to_add(page, address, name)
    page.wait_for_url("**/identity/passkeys?done=*")


def sign_in_with_passkey(page: Page, address: str, username: str = "ann.ash") -> None:
    give_password(page, address, username)
    with page.expect_event("framenavigated"):
        page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_load_state()


def open_sessions(house: House) -> int:
    return sum(row.ended_at is None for row in house.rows(SignInSession))


def test_a_passkey_is_added_used_and_removed(
    page: Page, address: str, house: House, axe: Callable[..., None]
) -> None:
    plug_in(page)
    sign_in(page, address, house)
    add(page, address, "Lanyard")
    assert "The passkey has been added" in page.inner_text("body")
    for label, size in (("wide", WIDE), ("narrow", NARROW)):
        at_width(page, size)
        axe(page)
        screenshot(page, f"identity-passkeys-{label}")
    (kept,) = house.rows(Passkey)
    assert (kept.name, kept.host, kept.used_at) == ("Lanyard", "localhost", None)

    page.context.clear_cookies()
    sign_in_with_passkey(page, address)
    page.goto(f"{address}/identity/my-access")
    assert "My access" in page.inner_text("h1")
    (used,) = house.rows(Passkey)
    assert (used.used_at, used.sign_count > kept.sign_count) == (house.clock.now(), True)
    assert open_sessions(house) == 2

    page.goto(f"{address}/identity/passkeys")
    page.get_by_role("link", name="Remove").click()
    assert "Lanyard" in page.inner_text("main")
    page.get_by_role("button", name="Remove it").click()
    assert "You have no passkey" in page.inner_text("body")
    assert house.rows(Passkey) == []
    assert [event.data["what"] for event in house.events("identity.credentials.changed")] == [
        "passkey_added",
        "passkey_removed",
    ]
    # The one-time code has remained all along.
    page.context.clear_cookies()
    sign_in(page, address, house)
    assert open_sessions(house) == 3


def test_a_passkey_confirms_who_one_is(
    app: Flask, page: Page, address: str, house: House, axe: Callable[..., None]
) -> None:
    plug_in(page)
    sign_in(page, address, house)
    add(page, address, "Lanyard")
    (opened,) = house.rows(SignInSession)
    wait(app, house, minutes=11)
    page.goto(f"{address}/identity/confirm?to=/identity/passkeys")
    for size in (WIDE, NARROW):
        at_width(page, size)
        axe(page)
    at_width(page, NARROWEST)
    no_sideways_scroll(page)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{address}/identity/passkeys")  # the page before has it at its end, too
    (confirmed,) = house.rows(SignInSession)
    assert confirmed.proved_at == opened.proved_at + timedelta(minutes=11)


def test_the_same_key_is_not_added_twice_nor_a_name(page: Page, address: str, house: House) -> None:
    plug_in(page)
    sign_in(page, address, house)
    add(page, address, "Lanyard")
    asks_to_add(page, address, "Another name")
    page.get_by_text("already holds one of your passkeys").wait_for()
    assert len(house.rows(Passkey)) == 1
    assert why_not_add(["Lanyard"], "LANYARD")
    assert why_not_add([str(number) for number in range(MOST)], "one more")
    assert why_not_add([str(number) for number in range(MOST - 1)], "one more") is None


def test_a_cloned_key_whose_count_went_back_is_refused(page: Page, address: str, house: House) -> None:
    plug_in(page)
    sign_in(page, address, house)
    add(page, address, "Lanyard")
    with house.runtime.system_work("test.ahead") as work:
        work.session.execute(update(Passkey).values(sign_count=1000))
    page.context.clear_cookies()
    sign_in_with_passkey(page, address)
    assert "is not right" in page.inner_text("body")
    assert open_sessions(house) == 1
    (entry,) = house.audited(action="sign_in.code", outcome="refused")
    assert entry.refusal_code == "R36"


def test_somebody_elses_passkey_is_none(page: Page, address: str, house: House) -> None:
    session, key = plug_in(page)
    sign_in(page, address, house, "bob.birch")
    add(page, address, "Bob’s")
    (bobs,) = house.rows(Passkey)
    # As if the page had been told of Bob's key while Ann signs in.
    with house.runtime.system_work("test.lend") as work:
        work.session.add(
            Passkey(
                id=new_id(),
                person_id=house.people["ann.ash"],
                name="Ann’s",
                host="localhost",
                credential_id=bobs.credential_id + b"x",
                public_key=bobs.public_key,
                sign_count=0,
                added_at=house.clock.now(),
            )
        )
    page.context.clear_cookies()
    give_password(page, address, "ann.ash")
    place = page.locator("[data-visor-passkey]")
    options: dict[str, Any] = json.loads(place.get_attribute("data-visor-options") or "")
    held = session.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"][0]["credentialId"]
    options["allowCredentials"][0]["id"] = held.rstrip("=").replace("+", "-").replace("/", "_")
    place.evaluate("(place, options) => { place.dataset.visorOptions = options }", json.dumps(options))
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("is not right").first.wait_for()
    assert open_sessions(house) == 1


def test_an_answer_counts_once_and_only_for_its_own_challenge(page: Page, address: str, house: House) -> None:
    plug_in(page)
    sign_in(page, address, house)
    add(page, address, "Lanyard")
    page.context.clear_cookies()
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.post_data or "") if "code" in request.url else None
    )
    sign_in_with_passkey(page, address)
    page.wait_for_url(lambda url: "sign-in" not in url)
    (body,) = [each for each in sent if "passkey" in each]
    page.context.clear_cookies()
    give_password(page, address, "ann.ash")
    answer = page.evaluate(
        """async body => {
            const form = new URLSearchParams(body)
            form.set('csrf_token', document.querySelector('[name=csrf_token]').value)
            return (await fetch('/identity/sign-in/code', {method: 'POST', body: form})).status
        }""",
        body,
    )
    assert answer == 401
    assert open_sessions(house) == 2


def test_without_a_script_the_page_says_so_and_the_code_remains(app: Flask, house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    plain = Plain(app, house, "10.1.0.7")
    plain.sign_in("ann.ash")
    page = plain.get("/identity/passkeys/add").text
    assert "needs JavaScript" in page
    assert 'data-visor-passkey="create"' in page
    for passkey in ("", "{}", "no json", '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}'):
        wrong = plain.post("/identity/passkeys/add", {"name": "Lanyard", "passkey": passkey})
        assert wrong.status_code == 422
    assert house.rows(Passkey) == []


def test_somebody_elses_cannot_be_removed(app: Flask, house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    house.add("bob.birch", "pdu-N55LEE")
    with house.runtime.system_work("test.add") as work:
        bobs = Passkey(
            person_id=house.people["bob.birch"],
            name="Bob’s",
            host="localhost",
            credential_id=b"x",
            public_key=b"x",
            sign_count=0,
            added_at=house.clock.now(),
        )
        work.session.add(bobs)
    plain = Plain(app, house, "10.1.0.7")
    plain.sign_in("ann.ash")
    path = f"/identity/passkeys/{bobs.id}/remove"
    assert plain.get(path).status_code == 404
    assert plain.post(path, {}, page="/identity/my-access").status_code == 404
    assert len(house.rows(Passkey)) == 1
    assert "You have no passkey" in plain.get("/identity/passkeys").text
