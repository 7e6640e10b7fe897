"""Identity's pages through the edge, as a browser without JavaScript sees them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from services.identity.documents.models import DocumentVersion, Signature
from services.identity.sessions.ending import end_sessions_of
from services.identity.sessions.models import SignInSession
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, PASSWORD, House


@pytest.mark.clause("PF-6.6.3")
def test_a_probation_user_signs_in_and_out(app: Flask, house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    browser = Browser(app, house, "10.1.0.7")
    assert browser.get("/identity/my-access").location.endswith("/identity/sign-in")
    assert (
        "secure office" not in browser.get("/identity/sign-in").text.split("<form", 1)[1].split("</form")[0]
    )
    answer = browser.sign_in("ann.ash")
    assert (answer.status_code, answer.location) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    for part in ("__Host-visor=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert browser.get("/identity/my-access").status_code == 200
    out = browser.post("/identity/sign-out", {}, page="/identity/my-access")
    assert out.location == "/identity/sign-in?signed-out"
    assert browser.signed_out_within_seconds()
    assert "You have signed out" in browser.get(out.location).text
    assert house.events("identity.session.revoked")[-1].data["session_id"] is not None


def test_without_the_attestation_the_page_says_which_rule_and_whom_to_ask(app: Flask, house: House) -> None:
    house.add("cora.cpc", "area-53", tokens=(("cpc", "area-53"),))
    house.add("ann.ash", "pdu-N55LEE")
    answer = Browser(app, house, "10.1.0.7").sign_in("ann.ash", secure_office=False)
    assert answer.status_code == 403
    assert "Refusal R10" in answer.text
    assert "PF-6.6.1" in answer.text
    assert "Cora Cpc" in answer.text


def test_a_wrong_password_asks_again_and_gives_back_the_name_only(app: Flask, house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    browser = Browser(app, house, "10.1.0.7")
    answer = browser.post("/identity/sign-in", {"username": "ann.ash", "password": "hunter22222"})
    assert answer.status_code == 401
    assert "There is a problem" in answer.text
    assert "ann.ash" in answer.text
    assert "hunter22222" not in answer.text
    empty = browser.post("/identity/sign-in", {"username": "", "password": ""})
    assert empty.status_code == 422


def test_a_session_that_ends_beside_the_forms_of_signing_in_does_not_make_them_look_forged(
    app: Flask, house: House
) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    browser = Browser(app, house, "10.1.0.7")
    browser.sign_in("ann.ash")
    known = {"username": "ann.ash", "password": PASSWORD}
    assert browser.post("/identity/sign-in", known).location == "/identity/sign-in/code"
    pages = ["/identity/sign-in", "/identity/sign-in/code", "/identity/terminals/enrol"]
    pages += ["/identity/recover", "/identity/forgotten"]
    filled_in = {page: browser.token(page) for page in pages}
    linked = browser.token("/identity/recover/some-code")
    with house.runtime.system_work("test") as work:
        end_sessions_of(work, house.people["ann.ash"], "vetting_revoked")
    assert browser.signed_out_within_seconds()
    for page, token in filled_in.items():
        assert browser.send(page, {"csrf_token": token}).status_code == 422, page
    assert browser.send("/identity/recover", {"csrf_token": linked}).status_code == 422
    sent = browser.send("/identity/sign-in", {"csrf_token": filled_in["/identity/sign-in"], **known})
    assert sent.location == "/identity/sign-in/code"


def test_a_session_unused_for_fifteen_minutes_is_over_and_polls_do_not_prolong_it(
    app: Flask, house: House
) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    opened = house.sign_in("ann.ash", LEEDS)
    client = app.test_client()
    client.set_cookie("__Host-visor", opened.secret)

    def ask(**headers: str) -> int:
        return client.get("/identity/edge/credential", headers=headers).status_code

    house.clock.at += timedelta(minutes=14)
    assert ask() == 204
    for _ in range(14):
        house.clock.at += timedelta(minutes=1)
        assert ask(**{"X-Visor-Poll": "1"}) == 204
    house.clock.at += timedelta(seconds=59)
    assert ask(**{"X-Visor-Poll": "1"}) == 204
    house.clock.at += timedelta(seconds=1)
    assert ask() == 401


@pytest.mark.clause("PF-6.3", "PF-7/SyOps.1", "PF-7/SyOps.2", "PF-4.16/A.4")
def test_an_onboarding_session_reads_and_signs_and_opens_nothing_else(app: Flask, house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE", signed=False)
    browser = Browser(app, house, "10.1.0.7")
    assert browser.sign_in("ann.ash").location == "/identity/documents"
    for path in ("/identity/people", "/identity/my-access", "/identity/sessions"):
        answer = browser.get(path)
        assert (answer.status_code, "Refusal R06" in answer.text) == (403, True)
    assert browser.get("/identity/documents").status_code == 200
    page = "/identity/documents/syops"
    (version,) = house.rows(DocumentVersion)
    assert version.text_hash in browser.get(page).text
    form = {
        "text_hash": version.text_hash,
        "typed_name": "ann  ASH",
        "accepted": "true",
        "consequences": "true",
    }
    wrongs = (
        {"typed_name": "Somebody Else"},
        {"accepted": ""},
        {"consequences": ""},
        {"text_hash": "0" * 64},
    )
    for wrong in wrongs:
        answer = browser.post(f"{page}/sign", form | wrong, page=page)
        assert answer.status_code == 422
    assert house.rows(Signature) == []
    signed = browser.post(f"{page}/sign", form, page=page)
    assert signed.location.startswith("/identity/sign-in?signed")
    (signature,) = house.rows(Signature)
    assert (signature.typed_name, signature.text_hash) == ("ann  ASH", version.text_hash)
    assert "disciplinary or legal action" in signature.statement
    assert len(house.events("identity.document.signed")) == 1
    assert browser.sign_in("ann.ash").location == "/"
    assert browser.get("/identity/people").status_code == 200


def test_whoever_left_a_session_open_ends_it_from_another(app: Flask, house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    first, second = Browser(app, house, "10.1.0.7"), Browser(app, house, "10.1.0.8")
    first.sign_in("ann.ash")
    second.sign_in("ann.ash")
    other = min(house.rows(SignInSession), key=lambda row: row.opened_at)
    assert second.post(f"/identity/sessions/{other.id}/end", {}).status_code == 303
    assert first.signed_out_within_seconds()
    assert second.get("/identity/my-access").status_code == 200


def test_somebody_else_cannot_end_it(app: Flask, house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    house.add("bob.birch", "pdu-N55LEE")
    first, second = Browser(app, house, "10.1.0.7"), Browser(app, house, "10.1.0.8")
    first.sign_in("ann.ash")
    second.sign_in("bob.birch")
    anns = min(house.rows(SignInSession), key=lambda row: row.opened_at)
    assert second.post(f"/identity/sessions/{anns.id}/end", {}, page="/identity/my-access").status_code == 404
    assert first.get("/identity/my-access").status_code == 200


def test_no_demonstration_page_exists_in_a_real_database(app: Flask, house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    browser = Browser(app, house, "10.1.0.7")
    assert browser.get("/identity/demonstration").status_code == 404
    where = {"base_url": "https://localhost"}
    place = {"unit": "pdu-N55LEE"}
    assert browser.client.post("/identity/api/demonstration/place", json=place, **where).status_code == 404
    code = browser.client.post("/identity/api/demonstration/code", json={"username": "ann.ash"}, **where)
    assert code.status_code == 404
    assert "code" not in (code.json or {})


@pytest.mark.clause("PF-4.16b", "PF-4.16a.2", "PI-A.4")
def test_the_cpc_sees_what_somebody_holds_and_changes_it_on_pages(app: Flask, house: House) -> None:
    house.add("cora.cpc", "area-53", vetting=("nppv3", -9, 300), tokens=(("cpc", "area-53"),))
    ann = house.add("ann.ash", "pdu-N55LEE")
    house.add("bob.birch", "area-52")
    browser = Browser(app, house, "10.6.0.7")
    browser.sign_in("cora.cpc")
    access = f"/identity/people/{ann}/access"
    assert "Nothing is missing" in browser.get(access).text
    grant = f"/identity/people/{ann}/tokens/grant"
    assert 'value="pdu-N55LEE"' in browser.get(grant).text
    form = {"token": "lpc", "unit": "pdu-N55LEE", "reason": "Manages nominals in Leeds"}
    bad = browser.post(grant, form | {"unit": "pdu-nowhere", "reason": ""})
    assert bad.status_code == 422
    assert "There is a problem" in bad.text
    done = browser.post(grant, form)
    assert done.status_code == 303
    page = browser.get(done.location).text
    assert "The token has been granted" in page
    assert page.count("Held") == 1
    for name in ("vetting/record", "disable"):
        assert browser.get(f"/identity/people/{ann}/{name}").status_code == 200
    elsewhere = browser.get(f"/identity/people/{house.people['bob.birch']}/access")
    assert (elsewhere.status_code, "Refusal R24" in elsewhere.text) == (403, True)
    mine = browser.get("/identity/my-access").text
    assert "No planned end" in mine
    assert "Grant a token" not in mine
