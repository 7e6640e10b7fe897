"""Passwords and one-time codes: changed, forgotten, lost, and handed to somebody new."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import segno
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import update

from services.identity.sessions.models import SignInSession
from services.identity.sign_in import one_time_codes
from services.identity.sign_in.key_picture import key_picture
from services.identity.sign_in.models import Credential, RecoveryCode
from services.identity.sign_in.outcomes import StartAgain
from services.identity.sign_in.password_step import give_password
from services.identity.sign_in.recovery import MadeCode, find, issue, use
from services.identity.sign_in.self_service import reset_password
from services.identity.terminals.locating import Origin
from shared.refusals import Invalid, Refusal
from tests.services.identity.acting import principal, refused_without_recent_sign_in
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, NOWHERE, PASSWORD, House

NEW = "paper lantern over the canal"
_SECRET = re.compile(r"<code[^>]*>([A-Z2-7 ]{30,})</code>")


@pytest.fixture
def staffed(house: House) -> House:
    house.add("ida.admin", "home-office", vetting=("nppv3", -9, 300), tokens=(("admin", "home-office"),))
    house.add("cora.cpc", "area-53", vetting=("nppv3", -9, 300), tokens=(("cpc", "area-53"),))
    house.add("ann.ash", "pdu-N55LEE")
    return house


def handed_over(house: House) -> MadeCode:
    return issue(house.runtime, principal(house, "ida.admin"), house.people["ann.ash"])


def app_code(house: House, secret: str) -> str:
    return one_time_codes.code_at(secret.replace(" ", ""), house.clock.now())


def told(house: House, what: str) -> list[set[str]]:
    """Who was told each time, by user name."""
    names = {str(person): name for name, person in house.people.items()}
    found = [event for event in house.events("identity.credentials.changed") if event.data["what"] == what]
    return [{names[duty["person_id"]] for copy in event.copies for duty in copy["people"]} for event in found]


def secret_on(text: str) -> str:
    found = _SECRET.search(text)
    assert found, text
    return found[1]


def pictured(secret: str) -> str:
    """The square picture of this key for ann.ash, as pages show it."""
    picture = key_picture(one_time_codes.address_for_app(secret.replace(" ", ""), "ann.ash"))
    assert "QR code" in picture
    return str(picture)


def test_the_picture_holds_the_key_and_nothing_else_is_drawn() -> None:
    drawn = re.search(r'class="qrline"[^>]*d="([^"]+)"', pictured(secret := one_time_codes.new_secret()))
    assert drawn
    made = segno.make(one_time_codes.address_for_app(secret, "ann.ash"), error="m", micro=False)
    dark = {(column, row) for row, line in enumerate(made.matrix) for column, bit in enumerate(line) if bit}
    assert {(column - 4, row - 4) for column, row in modules(drawn[1])} == dark
    for other in (None, "", "https://example.org", "otpauth://" + "x" * 5000):
        assert key_picture(other) == ""


def modules(path: str) -> set[tuple[int, int]]:
    """Which squares the lines of this path cover."""
    at_x, at_y, found = 0.0, 0.0, set()
    for kind, numbers in re.findall(r"([Mmh])([^Mmh]*)", path):
        first, *more = map(float, numbers.split())
        if kind == "h":
            found |= {(int(at_x) + step, int(at_y)) for step in range(int(first))}
            at_x += first
        else:
            at_x, at_y = (first, more[0]) if kind == "M" else (at_x + first, at_y + more[0])
    return found


@pytest.mark.clause("PI-A.2")
def test_a_code_handed_over_sets_both_and_replaces_all_that_was(app: Flask, staffed: House) -> None:
    old = staffed.sign_in("ann.ash", LEEDS)
    made = handed_over(staffed)
    assert made.code not in str(staffed.rows(RecoveryCode)[0].__dict__)
    browser = Browser(app, staffed, "10.1.0.7")
    link = made.link.removeprefix(staffed.runtime.settings.origin)
    assert made.code in browser.get(link).text
    assert browser.post("/identity/recover", {"code": made.code.lower()}).location == "/identity/recover/new"
    page = browser.get("/identity/recover/new").text
    assert "ann.ash" in page
    assert pictured(secret_on(page)) in page
    given = {"new_password": NEW, "new_password_again": NEW, "app_code": app_code(staffed, secret_on(page))}
    for wrong in ({"new_password": "short"}, {"new_password_again": NEW + "x"}, {"app_code": "000000"}):
        assert browser.post("/identity/recover/new", given | wrong).status_code == 422
    answer = browser.post("/identity/recover/new", given)
    assert answer.location == "/identity/sign-in?recovered"
    assert [row.end_reason for row in staffed.rows(SignInSession)] == ["credentials_replaced"]
    assert old.scope == "full"
    with pytest.raises(Refusal):
        give_password(staffed.runtime, LEEDS, "ann.ash", PASSWORD)
    assert give_password(staffed.runtime, LEEDS, "ann.ash", NEW)
    assert told(staffed, "recovered") == [{"ann.ash", "cora.cpc"}]
    # Used once: neither the link nor the code opens anything now.
    assert browser.post("/identity/recover", {"code": made.code}).status_code == 401
    assert staffed.rows(RecoveryCode) == []


@pytest.mark.clause("PI-A.2", "PF-7/Identity Manager LDAP.1")
def test_only_an_administrator_hands_one_over_and_never_to_themselves(staffed: House) -> None:
    for who, whom, code in (("cora.cpc", "ann.ash", "R11"), ("ida.admin", "ida.admin", "R23")):
        with pytest.raises(Refusal) as refused:
            issue(staffed.runtime, principal(staffed, who), staffed.people[whom])
        assert refused.value.code == code
    stale = principal(staffed, "ida.admin", auth_time=staffed.clock.now() - timedelta(minutes=11))
    with pytest.raises(Refusal) as refused:
        issue(staffed.runtime, stale, staffed.people["ann.ash"])
    assert refused.value.code == "R31"
    assert staffed.rows(RecoveryCode) == []
    codes = [entry.refusal_code for entry in staffed.audited(action="sign_in.issue_recovery_code")]
    assert codes == ["R11", "R23"]


def test_a_code_lives_a_day_and_a_new_one_takes_its_place(staffed: House) -> None:
    first, second = handed_over(staffed), handed_over(staffed)
    with pytest.raises(Refusal) as refused:
        find(staffed.runtime, LEEDS, first.code)
    assert refused.value.code == "R45"
    staffed.clock.at += timedelta(hours=23, minutes=59)
    assert find(staffed.runtime, LEEDS, second.code).username == "ann.ash"
    staffed.clock.at += timedelta(minutes=1)
    with pytest.raises(Refusal):
        find(staffed.runtime, LEEDS, second.code)
    assert staffed.sign_in("ann.ash", LEEDS).scope == "full"


def test_whoever_guesses_codes_waits_and_keeps_nobody_from_a_right_one(staffed: House) -> None:
    made = handed_over(staffed)
    answers = []
    for _ in range(6):
        with pytest.raises(Refusal) as refused:
            find(staffed.runtime, LEEDS, "AAAA-BBBB-CCCC-DDDD-EEEE")
        answers.append(refused.value.code)
    assert answers == ["R45"] * 5 + ["R33"]
    assert find(staffed.runtime, LEEDS, made.code).username == "ann.ash"


def test_a_recovery_code_ends_what_others_do_by_guessing_without_a_pause(staffed: House) -> None:
    def guessed() -> None:
        for number in range(25):
            with pytest.raises(Refusal):
                give_password(staffed.runtime, Origin(f"203.0.113.{number}"), "ann.ash", "guess")

    guessed()
    with pytest.raises(Refusal) as waits:
        give_password(staffed.runtime, LEEDS, "ann.ash", PASSWORD)
    assert waits.value.code == "R33"
    made = handed_over(staffed)
    secret = find(staffed.runtime, LEEDS, made.code).secret
    given = {"new_password": NEW, "new_password_again": NEW, "app_code": app_code(staffed, secret)}
    use(staffed.runtime, LEEDS, made.code, **given)
    guessed()
    assert give_password(staffed.runtime, LEEDS, "ann.ash", NEW)
    with pytest.raises(Refusal) as elsewhere:
        give_password(staffed.runtime, Origin("10.1.0.99"), "ann.ash", NEW)
    assert elsewhere.value.code == "R33"


def test_of_two_who_use_one_code_at_once_one_sets_the_password(staffed: House) -> None:
    made = handed_over(staffed)
    code = app_code(staffed, find(staffed.runtime, LEEDS, made.code).secret)
    gate = Barrier(2)

    def attempt(word: str) -> str:
        given = {"new_password": NEW + word, "new_password_again": NEW + word, "app_code": code}
        gate.wait()
        try:
            use(staffed.runtime, LEEDS, made.code, **given)
        except StartAgain:
            return "too late"
        return "set"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(attempt, ("one", "two"))) == ["set", "too late"]


def test_a_password_is_changed_by_its_owner_and_other_sessions_end(app: Flask, staffed: House) -> None:
    first, second = Browser(app, staffed, "10.1.0.7"), Browser(app, staffed, "10.1.0.8")
    first.sign_in("ann.ash")
    second.sign_in("ann.ash")
    page, given = "/identity/my-password", {"new_password": NEW, "new_password_again": NEW}
    same = {"new_password": PASSWORD, "new_password_again": PASSWORD}
    short = {"new_password": "short", "new_password_again": "short"}
    for wrong in (same, given | {"new_password_again": "x"}, short):
        refused = second.post(page, wrong)
        assert (refused.status_code, PASSWORD in refused.text) == (422, False)
    assert second.post(page, given).status_code == 303
    assert first.signed_out_within_seconds()
    assert second.get("/identity/my-access").status_code == 200
    assert give_password(staffed.runtime, LEEDS, "ann.ash", NEW)
    assert told(staffed, "password_changed") == [{"ann.ash"}]


@pytest.mark.parametrize("command", ["sign_in.change_password", "sign_in.replace_codes", "sign_in.new_codes"])
def test_changing_them_asks_for_a_recent_sign_in(staffed: House, command: str) -> None:
    assert refused_without_recent_sign_in(staffed, "ann.ash", command)


def test_codes_move_to_another_app_with_its_first_code(app: Flask, staffed: House) -> None:
    browser = Browser(app, staffed, "10.1.0.7")
    browser.sign_in("ann.ash")
    staffed.clock.at += timedelta(seconds=30)
    assert "No new key is waiting" in browser.get("/identity/my-codes").text
    assert browser.post("/identity/my-codes/begin", {}).location.startswith("/identity/my-codes?done=")
    page = browser.get("/identity/my-codes")
    shown = secret_on(page.text)
    picture = pictured(shown)
    assert picture in page.text
    address = one_time_codes.address_for_app(shown.replace(" ", ""), "ann.ash")
    given = {"code": "000000", "shown_secret": shown, "shown_address": address}
    wrong = browser.post("/identity/my-codes", given)
    assert wrong.status_code == 422
    assert picture in wrong.text
    assert "visor-key" not in browser.post("/identity/my-codes", given | {"shown_address": "https://x"}).text
    # Looking again changes nothing; another key is made only by asking for one, and the last one made counts.
    assert secret_on(browser.get("/identity/my-codes").text) == shown
    browser.post("/identity/my-codes/begin", {})
    assert secret_on(browser.get("/identity/my-codes").text) != shown
    shown = secret_on(browser.get("/identity/my-codes").text)
    (before,) = [row for row in staffed.rows(Credential) if row.person_id == staffed.people["ann.ash"]]
    token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page.text)
    assert token is not None
    data = {"csrf_token": token[1], "code": app_code(staffed, shown), "shown_secret": shown}
    answer = browser.client.post("/identity/my-codes", data=data, **browser.where)
    assert answer.status_code == 303, answer.text
    (after,) = [row for row in staffed.rows(Credential) if row.person_id == staffed.people["ann.ash"]]
    assert (after.code_secret, after.next_secret) == (before.next_secret, None)
    assert told(staffed, "code_replaced") == [{"ann.ash"}]


def forgotten(house: House, **more: Any) -> dict[str, Any]:
    given = {"username": "ann.ash", "code": house.code(), "new_password": NEW, "new_password_again": NEW}
    return given | more


@pytest.mark.clause("PI-A.2")
def test_a_forgotten_password_is_replaced_with_a_one_time_code_at_work(app: Flask, staffed: House) -> None:
    staffed.sign_in("ann.ash", LEEDS)
    staffed.clock.at += timedelta(seconds=30)
    browser = Browser(app, staffed, "10.1.0.7")
    short = browser.post("/identity/forgotten", forgotten(staffed, new_password="x", new_password_again="x"))
    assert (short.status_code, "ann.ash" in short.text) == (422, True)
    answer = browser.post("/identity/forgotten", forgotten(staffed))
    assert answer.location == "/identity/sign-in?recovered", answer.text
    assert [row.end_reason for row in staffed.rows(SignInSession)] == ["credentials_replaced"]
    assert give_password(staffed.runtime, LEEDS, "ann.ash", NEW)
    assert told(staffed, "password_reset") == [{"ann.ash", "cora.cpc"}]


def test_elsewhere_with_a_wrong_code_or_as_nobody_it_says_the_same(staffed: House) -> None:
    answers = set()
    tries = [(NOWHERE, {}), (LEEDS, {"code": "000000"}), (LEEDS, {"username": "nobody.here"})]
    for origin, more in tries:
        with pytest.raises(Refusal) as refused:
            reset_password(staffed.runtime, origin, **forgotten(staffed, **more))
        answers.add((refused.value.code, refused.value.message))
    assert len(answers) == 1
    assert give_password(staffed.runtime, LEEDS, "ann.ash", PASSWORD)


def test_after_five_wrong_tries_it_is_closed_for_a_day_and_signing_in_is_not(staffed: House) -> None:
    for number in range(5):
        place = Origin(f"10.1.0.{number + 10}")
        with pytest.raises(Refusal):
            reset_password(staffed.runtime, place, **forgotten(staffed, code="000000"))
    with pytest.raises(Refusal) as refused:
        reset_password(staffed.runtime, LEEDS, **forgotten(staffed))
    assert refused.value.code == "R33"
    assert staffed.sign_in("ann.ash", LEEDS).scope == "full"
    staffed.clock.at += timedelta(days=1)
    reset_password(staffed.runtime, LEEDS, **forgotten(staffed))


def test_a_password_of_older_parameters_is_hashed_anew_at_the_next_sign_in(staffed: House) -> None:
    old = PasswordHasher(memory_cost=8192, time_cost=1, parallelism=1).hash(PASSWORD)
    mine = Credential.person_id == staffed.people["ann.ash"]
    with staffed.runtime.system_work("test.old") as work:
        work.session.execute(update(Credential).where(mine).values(password_hash=old))
    give_password(staffed.runtime, LEEDS, "ann.ash", PASSWORD)
    (row,) = [row for row in staffed.rows(Credential) if row.person_id == staffed.people["ann.ash"]]
    assert row.password_hash != old
    assert "m=19456,t=2" in row.password_hash
    assert give_password(staffed.runtime, LEEDS, "ann.ash", PASSWORD)


def test_no_code_stands_in_the_audit_or_in_an_event(staffed: House) -> None:
    made = handed_over(staffed)
    text = str(staffed.audited()) + str(staffed.events("identity.credentials.changed"))
    assert made.code not in text
    assert made.code.replace("-", "") not in text
    with pytest.raises(Invalid):
        use(
            staffed.runtime,
            LEEDS,
            made.code,
            new_password="short",
            new_password_again="short",
            app_code="000000",
        )
    assert len(staffed.rows(RecoveryCode)) == 1
