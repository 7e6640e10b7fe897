"""A recent sign-in: what asks for it, how one proves again who one is, and that nothing typed is lost meanwhile."""

from __future__ import annotations

import html
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from services.identity.opaque_ids import hashed
from services.identity.sessions.ending import end_sessions_of
from services.identity.sessions.models import SignInSession
from services.identity.sign_in.confirm_pages import local
from services.identity.sign_in.confirming import confirm
from shared.runtime import Runtime
from tests.services.identity.acting import principal, refused_without_recent_sign_in
from tests.services.identity.browser import Browser
from tests.services.identity.house import AREA, PASSWORD, House

MINUTES = timedelta(minutes=11)
REASON = "Somebody else sat at the desk."
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def cora(app: Flask, house: House) -> Browser:
    """A CPC who signed in eleven minutes ago and has been reading since."""
    house.add("ann.ash", "pdu-N55LEE")
    house.add("cora.cpc", "area-53", vetting=("nppv3", -9, 300), tokens=(("cpc", "area-53"),))
    browser = Browser(app, house, "10.6.0.7")
    browser.sign_in("cora.cpc")
    browser.wait(minutes=11)
    return browser


def sensitive_page(house: House) -> str:
    """Ends somebody's sessions: a form with something to type."""
    return f"/identity/people/{house.people['ann.ash']}/sessions/end"


def hidden(page: TestResponse) -> dict[str, str]:
    """The hidden fields of the page's last form."""
    last = page.text.rsplit("<form", 1)[1]
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(last)}


def post(browser: Browser, path: str, data: dict[str, str]) -> TestResponse:
    return browser.client.post(path, data=data, **browser.where)


def done(house: House) -> int:
    return len(house.audited(action="sessions.end_all", outcome="done"))


@pytest.mark.clause("SC-17.6.2")
def test_a_sensitive_form_asks_before_anything_is_typed_and_leads_back(cora: Browser, house: House) -> None:
    page = sensitive_page(house)
    asked = cora.get(page)
    assert (asked.status_code, unquote(asked.location)) == (303, f"/identity/confirm?to={page}")
    assert "Confirm it is you" in cora.get(asked.location).text
    assert "End a person’s sessions" in cora.confirm(page).text
    assert len(house.audited(action="session.confirm", outcome="done")) == 1
    assert len(house.rows(SignInSession)) == 1


@pytest.mark.clause("SC-17.6.2")
def test_what_was_typed_too_late_is_kept_and_sent_once(cora: Browser, house: House) -> None:
    page = sensitive_page(house)
    typed = hidden(cora.confirm(page)) | {"reason": REASON}
    cora.wait(minutes=11)
    late = post(cora, page, typed)
    assert late.status_code == 307
    assert REASON not in late.location
    kept = post(cora, late.location, typed)
    assert (kept.status_code, REASON in kept.text) == (401, True)
    form = hidden(kept)
    wrong = post(cora, "/identity/confirm/check", form | {"password": "guess", "code": house.code()})
    assert (wrong.status_code, REASON in wrong.text, "guess" in wrong.text) == (401, True, False)
    sent = post(cora, "/identity/confirm/check", hidden(wrong) | {"password": PASSWORD, "code": house.code()})
    assert (sent.status_code, REASON in sent.text) == (200, True)
    changed = post(cora, page, hidden(sent) | {"_change": "1"})
    assert REASON in changed.text
    assert done(house) == 0
    for _ in range(2):
        answer = post(cora, page, hidden(sent))
        assert answer.status_code == 303, answer.text
    first, again = house.audited(action="sessions.end_all", outcome="done")
    assert (first.facts, again.facts) == ({"ended": 0}, {"sent_again": True})


def test_a_program_is_told_by_code_and_confirms_in_json(cora: Browser, house: House) -> None:
    given = {"reason": REASON}
    address = f"/identity/api/people/{house.people['ann.ash']}/sessions/end"
    where = cora.where
    refused = cora.client.post(address, json=given, **where)
    assert (refused.status_code, refused.get_json()["code"]) == (401, "R31")
    assert refused.mimetype == "application/problem+json"
    assert "insufficient_user_authentication" in refused.headers["WWW-Authenticate"]
    proof = {"password": PASSWORD, "code": house.code()}
    confirmed = cora.client.post("/identity/api/sign-in/confirm", json=proof, **where)
    assert confirmed.status_code == 200, confirmed.text
    assert cora.client.post(address, json=given, **where).status_code == 200


def test_the_browser_gets_a_new_id_and_the_old_one_ends_soon(cora: Browser, house: House) -> None:
    old = cora.client.get_cookie("__Host-visor", domain="localhost").value  # type: ignore[union-attr]
    cora.confirm("/identity/my-access")
    assert cora.client.get_cookie("__Host-visor", domain="localhost").value != old  # type: ignore[union-attr]
    stranger = cora.client.application.test_client()
    stranger.set_cookie("__Host-visor", old)
    assert stranger.get("/identity/edge/credential").status_code == 204
    house.clock.at += timedelta(seconds=30)
    assert stranger.get("/identity/edge/credential").status_code == 401
    assert cora.get("/identity/my-access").status_code == 200


def test_whoever_signed_in_again_meanwhile_goes_on_with_what_was_typed(cora: Browser, house: House) -> None:
    page = sensitive_page(house)
    typed = hidden(cora.confirm(page)) | {"reason": REASON}
    cora.wait(minutes=11)
    late = post(cora, page, typed)
    kept = post(cora, late.location, typed)
    cora.sign_in("cora.cpc")
    stale = post(cora, "/identity/confirm/check", hidden(kept))
    assert (stale.status_code, REASON in stale.text) == (403, True)
    again = post(cora, "/identity/confirm/check", hidden(stale))
    assert (again.status_code, REASON in again.text) == (200, True)
    assert post(cora, page, hidden(again)).status_code == 303
    assert done(house) == 1


def test_of_two_who_confirm_at_once_with_one_code_neither_is_thrown_out(
    runtime: Runtime, house: House
) -> None:
    house.add("cora.cpc", "area-53", vetting=("nppv3", -9, 300), tokens=(("cpc", "area-53"),))
    opened = house.sign_in("cora.cpc", AREA)
    house.clock.at += timedelta(minutes=11)
    known = principal(house, "cora.cpc", session_id=opened.session_id, auth_time=house.clock.now() - MINUTES)
    gate = Barrier(2)

    def send(_number: int) -> str | None:
        gate.wait()
        return confirm(runtime, known, AREA, password=PASSWORD, code=house.code())

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(send, range(2)))
    assert sorted(answer is None for answer in answers) == [False, True]
    (session,) = house.rows(SignInSession)
    assert session.secret_hash == hashed(next(answer for answer in answers if answer is not None))


def test_guessing_is_held_back_and_audited(cora: Browser, house: House) -> None:
    page = "/identity/confirm?to=/identity/my-access"
    for _ in range(5):
        answer = cora.post("/identity/confirm/check", {"password": "guess", "code": "000000"}, page=page)
        assert answer.status_code == 401
    right = {"password": PASSWORD, "code": house.code()}
    held = cora.post("/identity/confirm/check", right, page=page)
    assert (held.status_code, "Too many attempts" in held.text) == (429, True)
    codes = [entry.refusal_code for entry in house.audited(action="session.confirm")]
    assert codes == ["R36"] * 5 + ["R33"]


def test_a_code_that_signed_in_confirms_nothing(cora: Browser, house: House) -> None:
    house.sign_in("cora.cpc", AREA)
    given = {"password": PASSWORD, "code": house.code()}
    answer = cora.post("/identity/confirm/check", given, page="/identity/confirm")
    assert answer.status_code == 401


def test_from_another_place_the_cookie_confirms_nothing(cora: Browser, house: House) -> None:
    cora.address = "203.0.113.7"
    given = {"password": PASSWORD, "code": house.code()}
    answer = cora.post("/identity/confirm/check", given, page="/identity/confirm")
    assert (answer.status_code, "Refusal R10" in answer.text) == (403, True)


def test_whoever_confirms_while_being_stopped_is_stopped(cora: Browser, house: House) -> None:
    confirmed_at = house.clock.at + timedelta(seconds=2)
    with house.runtime.system_work("test.stop") as work:
        work.session.execute(update(SignInSession).values(proved_at=confirmed_at))
        end_sessions_of(work, house.people["cora.cpc"], "vetting_revoked")
    (event,) = house.events("identity.session.revoked")
    assert event.data["at"] == confirmed_at.isoformat()
    assert cora.signed_out_within_seconds()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/elsewhere",
        "/identity/\nX",
        "records/x",
    ],
)
def test_nobody_is_led_off_the_site(address: str) -> None:
    assert local(address) == "/"
    assert local("/records/nominals/1?page=2") == "/records/nominals/1?page=2"


@pytest.mark.parametrize(
    "command",
    [
        "accounts.enable",
        "passkeys.add",
        "passkeys.remove",
        "sessions.end_all",
        "tokens.end",
        "tokens.grant",
        "vetting.revoke",
    ],
)
def test_sensitive_acts_ask_for_it(house: House, command: str) -> None:
    house.add("cora.cpc", "area-53", vetting=("nppv3", -9, 300), tokens=(("cpc", "area-53"),))
    assert refused_without_recent_sign_in(house, "cora.cpc", command)
    (entry,) = house.audited(action=command, outcome="refused")
    assert entry.refusal_code == "R31"
