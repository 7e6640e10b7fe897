"""Each page of signing in, sessions and credentials in Chromium: for axe, for narrow screens, by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from services.identity.sign_in.recovery import issue
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
from tests.services.identity.acting import principal
from tests.services.identity.house import PASSWORD, House
from tests.services.identity.live import give_code, give_password, served, wait

__all__ = ["assets", "axe", "base_url", "browser_type_launch_args"]
SIGNED_OUT = [
    ("sign-in", "/identity/sign-in"),
    ("forgotten", "/identity/forgotten"),
    ("recover", "/identity/recover"),
]
SIGNED_IN = [
    ("confirm", "/identity/confirm?to=/identity/my-access"),
    ("sessions", "/identity/sessions"),
    ("end-others", "/identity/sessions/end-others"),
    ("my-password", "/identity/my-password"),
    ("my-codes-begin", "/identity/my-codes/begin"),
    ("my-codes", "/identity/my-codes"),
    ("passkeys", "/identity/passkeys"),
    ("passkey-add", "/identity/passkeys/add"),
]


@pytest.fixture
def address(app: Flask, house: House) -> Iterator[str]:
    house.add("ann.ash", "pdu-N55LEE")
    house.add("cora.cpc", "area-53", vetting=("nppv3", -9, 300), tokens=(("cpc", "area-53"),))
    house.add("ida.admin", "home-office", vetting=("nppv3", -9, 300), tokens=(("admin", "home-office"),))
    with served(app, house) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def looked_at(page: Page, name: str, axe: Callable[..., None]) -> None:
    for label, size in (("wide", WIDE), ("narrow", NARROW)):
        at_width(page, size)
        axe(page)
        no_sideways_scroll(page)
        screenshot(page, f"identity-{name}-{label}")
    at_width(page, NARROWEST)
    no_sideways_scroll(page)
    at_width(page, WIDE)


def test_every_page_at_every_width(page: Page, address: str, house: House, axe: Callable[..., None]) -> None:
    for name, path in SIGNED_OUT:
        page.goto(address + path)
        looked_at(page, name, axe)
    made = issue(house.runtime, principal(house, "ida.admin"), house.people["ann.ash"])
    page.goto(made.link)
    page.get_by_role("button", name="Continue").click()
    looked_at(page, "recover-new", axe)
    give_password(page, address, "ann.ash")
    looked_at(page, "code", axe)
    give_code(page, house)
    for name, path in SIGNED_IN:
        if name == "my-codes":
            page.get_by_role("button", name="Make a new key").click()
        page.goto(address + path)
        looked_at(page, name, axe)


def test_a_cpc_confirms_and_ends_somebodys_sessions_by_keyboard_alone(
    app: Flask, page: Page, address: str, house: House, axe: Callable[..., None]
) -> None:
    give_password(page, address, "cora.cpc")
    give_code(page, house)
    typed = "Somebody else sat at the desk."
    page.goto(f"{address}/identity/people/{house.people['ann.ash']}/sessions/end")
    page.get_by_label("Why").focus()
    page.keyboard.type(typed)
    wait(app, house, minutes=11)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Confirm it is you").wait_for()
    assert typed in page.inner_text("main")
    assert "desk" not in page.url
    looked_at(page, "confirm-typed", axe)
    page.get_by_label("Password", exact=True).focus()
    page.keyboard.type(PASSWORD)
    page.get_by_label("One-time code").focus()
    page.keyboard.type(house.code())
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Check what you typed and send it").wait_for()
    looked_at(page, "confirmed", axe)
    page.get_by_role("button", name="Go back to the form").focus()
    page.keyboard.press("Enter")
    assert page.get_by_label("Why").input_value() == typed
    page.get_by_role("button", name="End the sessions").focus()
    page.keyboard.press("Enter")
    page.get_by_text("sessions have been ended").wait_for()
    looked_at(page, "sessions-of", axe)
