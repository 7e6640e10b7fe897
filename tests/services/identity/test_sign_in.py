"""Signing in over a real database: both steps, every refusal, and what each leaves behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask

from services.identity.people.models import Person
from services.identity.sessions.models import SignInSession
from services.identity.sign_in.code_step import give_code
from services.identity.sign_in.jobs import sweep
from services.identity.sign_in.models import SignInStep, Throttle
from services.identity.sign_in.outcomes import StartAgain
from services.identity.sign_in.password_step import give_password
from services.identity.terminals.locating import Origin
from services.identity.terminals.models import NetworkRange
from shared.refusals import Refusal
from tests.services.identity.browser import Browser
from tests.services.identity.house import (
    FORCE,
    LEEDS,
    LEEDS_WIFI,
    NOWHERE,
    PASSWORD,
    SCRUBS,
    House,
)


def refusal(house: House, username: str, origin: Origin, *, secure_office: bool = True) -> Refusal:
    with pytest.raises(Refusal) as refused:
        house.sign_in(username, origin, secure_office=secure_office)
    return refused.value


@pytest.mark.clause("PF-6.4.1", "PF-6.6.3", "PF-6.6.4")
@pytest.mark.parametrize(
    ("unit", "origin"), [("pdu-N55LEE", LEEDS), ("prison-WSI", SCRUBS), ("force-13", FORCE)]
)
def test_each_agency_signs_in_from_where_it_may(house: House, unit: str, origin: Origin) -> None:
    person = house.add("ann.ash", unit, state="created")
    opened = house.sign_in("ann.ash", origin)
    assert opened.scope == "full"
    (session,) = house.rows(SignInSession)
    assert (session.person_id, session.ended_at) == (person, None)
    assert [one.state for one in house.rows(Person)] == ["active"]
    (entry,) = house.audited(action="session.open")
    assert (entry.actor, entry.outcome, entry.terminal) == (person, "done", origin.device_key)


@pytest.mark.clause("PF-6.4.1")
@pytest.mark.parametrize("device_key", [None, "WSI-002", "WSI-003", "no such key", "PVI-001"])
def test_a_prison_user_needs_an_approved_terminal_of_the_prison(house: House, device_key: str | None) -> None:
    house.add("ann.ash", "prison-WSI")
    assert refusal(house, "ann.ash", Origin("10.2.0.7", device_key)).code == "R09"


@pytest.mark.clause("PF-5.10.3", "PF-6.4.1")
def test_a_group_cpc_may_use_any_prison_of_the_group(house: House) -> None:
    house.add("cora.cpc", "group-LNDN", tokens=(("cpc", "group-LNDN"),))
    assert house.sign_in("cora.cpc", SCRUBS).scope == "full"
    assert house.sign_in("cora.cpc", Origin("10.3.0.7", "PVI-001")).scope == "full"


@pytest.mark.clause("PF-6.6.1", "PF-6.6.3")
def test_wifi_an_unknown_network_and_an_open_office_are_refused(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    for origin in (LEEDS_WIFI, NOWHERE, SCRUBS):
        refused = refusal(house, "ann.ash", origin)
        assert refused.code == "R10"
        assert "probation LAN cable in a secure office" in refused.message
    assert refusal(house, "ann.ash", LEEDS, secure_office=False).code == "R10"
    assert house.rows(SignInSession) == []


@pytest.mark.clause("PF-6.6.4")
def test_a_prison_user_on_another_network_is_refused_at_an_approved_terminal(house: House) -> None:
    house.add("ann.ash", "prison-WSI")
    assert refusal(house, "ann.ash", Origin("10.2.9.7", "WSI-001")).code == "R10"
    assert refusal(house, "ann.ash", Origin("10.3.0.7", "WSI-001")).code == "R10"


@pytest.mark.clause("PF-6.1.1", "PF-6.2.1", "PF-4.38.3", "PI-GEIA.9")
@pytest.mark.parametrize(
    ("amiss", "code"),
    [
        ({"vetting": None}, "R01"),
        ({"vetting": ("nppv2", -500, -1)}, "R02"),
        ({"trained": False}, "R04"),
        ({"state": "disabled"}, "R08"),
    ],
)
def test_what_is_missing_is_refused_audited_and_told_to_the_cpc(
    house: House, amiss: dict[str, object], code: str
) -> None:
    cpc = house.add("cora.cpc", "area-53", tokens=(("cpc", "area-53"),))
    person = house.add("ann.ash", "pdu-N55LEE", **amiss)  # type: ignore[arg-type]
    refused = refusal(house, "ann.ash", LEEDS)
    assert refused.code == code
    assert refused.contact is not None
    assert (refused.contact.name, refused.contact.card_url) == ("Cora Cpc", f"/identity/people/{cpc}")
    (entry,) = house.audited(action="session.open", outcome="refused")
    assert (entry.refusal_code, entry.subject_id) == (code, person)
    (event,) = house.events("identity.session.refused")
    assert event.data == {"refusal_code": code, "person_id": str(person), "terminal": None}
    assert event.copies[0]["people"] == [{"person_id": str(cpc), "as": "cpc", "unit": "area-53"}]


@pytest.mark.clause("PF-4.16/A.2")
def test_vetting_counts_until_the_day_before_it_expires(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE", vetting=("nppv2", 0, 2))
    assert house.sign_in("ann.ash", LEEDS).scope == "full"
    house.clock.at += timedelta(days=1)
    assert house.sign_in("ann.ash", LEEDS).scope == "full"
    house.clock.at += timedelta(days=1)
    refused = refusal(house, "ann.ash", LEEDS)
    assert (refused.code, refused.message) == (
        "R02",
        "Your vetting expired on 4 March 2026. Your account is disabled until it is renewed.",
    )


@pytest.mark.clause("PF-6.3", "PF-7/SyOps.1")
def test_who_has_not_signed_gets_a_session_that_only_onboards(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE", signed=False, state="created", tokens=(("partner", "pdu-N55LEE"),))
    assert house.sign_in("ann.ash", LEEDS).scope == "onboarding"
    assert [one.state for one in house.rows(Person)] == ["created"]
    assert refusal(house, "ann.ash", NOWHERE).code == "R06"


@pytest.mark.clause("PF-4.16/D.1")
def test_a_changed_syops_may_stay_unsigned_for_28_days(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    with house.runtime.system_work("test.publish") as work:
        house.publish(work.session, "2", house.today, house.clock.now() + timedelta(seconds=1))
    house.clock.at += timedelta(days=28)
    assert house.sign_in("ann.ash", LEEDS).scope == "full"
    house.clock.at += timedelta(days=1)
    assert house.sign_in("ann.ash", LEEDS).scope == "onboarding"


def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    answers = set()
    for username, password in [("ann.ash", "wrong"), ("nobody", PASSWORD), ("nobody", "wrong")]:
        with pytest.raises(Refusal) as refused:
            give_password(house.runtime, LEEDS, username, password)
        answers.add((refused.value.code, refused.value.message, refused.value.status))
    assert len(answers) == 1
    assert len(house.audited(action="sign_in.password", outcome="refused")) == 3


def test_a_code_counts_once(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    house.sign_in("ann.ash", LEEDS)
    step = give_password(house.runtime, LEEDS, "ann.ash", PASSWORD)
    with pytest.raises(Refusal) as refused:
        give_code(house.runtime, LEEDS, step, house.code(), secure_office=True)
    assert refused.value.code == "R36"
    assert len(house.rows(SignInSession)) == 1
    house.clock.at += timedelta(seconds=30)
    assert give_code(house.runtime, LEEDS, step, house.code(), secure_office=True).scope == "full"


def test_a_step_ends_after_five_minutes_or_five_wrong_codes(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    step = give_password(house.runtime, LEEDS, "ann.ash", PASSWORD)
    house.clock.at += timedelta(minutes=5)
    with pytest.raises(StartAgain):
        give_code(house.runtime, LEEDS, step, house.code(), secure_office=True)
    step = give_password(house.runtime, LEEDS, "ann.ash", PASSWORD)
    for _ in range(5):
        with pytest.raises(Refusal):
            give_code(house.runtime, LEEDS, step, "000000", secure_office=True)
    with pytest.raises(StartAgain):
        give_code(house.runtime, LEEDS, step, house.code(), secure_office=True)


def test_whoever_guesses_waits_and_the_colleague_does_not(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    for _ in range(5):
        with pytest.raises(Refusal):
            give_password(house.runtime, NOWHERE, "ann.ash", "guess")
    with pytest.raises(Refusal) as waits:
        give_password(house.runtime, NOWHERE, "ann.ash", PASSWORD)
    assert (waits.value.code, waits.value.fills["minutes"]) == ("R33", "5")
    assert house.sign_in("ann.ash", LEEDS).scope == "full"
    house.clock.at += timedelta(minutes=5)
    assert give_password(house.runtime, NOWHERE, "ann.ash", PASSWORD)


def test_guessing_from_everywhere_keeps_the_holder_out_for_a_minute_only(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    for number in range(20):
        with pytest.raises(Refusal):
            give_password(house.runtime, Origin(f"203.0.113.{number}"), "ann.ash", "guess")
    with pytest.raises(Refusal) as waits:
        give_password(house.runtime, LEEDS, "ann.ash", PASSWORD)
    assert waits.value.code == "R33"
    house.clock.at += timedelta(minutes=1)
    assert house.sign_in("ann.ash", LEEDS).scope == "full"


def test_whoever_goes_on_guessing_from_everywhere_keeps_nobody_from_their_own_desk(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    house.sign_in("ann.ash", LEEDS)
    for minute in range(30):
        with pytest.raises(Refusal):
            give_password(house.runtime, Origin(f"203.0.113.{minute}"), "ann.ash", "guess")
    with pytest.raises(Refusal) as elsewhere:
        give_password(house.runtime, Origin("10.1.0.99"), "ann.ash", PASSWORD)
    assert elsewhere.value.code == "R33"
    assert house.sign_in("ann.ash", LEEDS).scope == "full"
    for _ in range(5):
        with pytest.raises(Refusal) as wrong:
            give_password(house.runtime, LEEDS, "ann.ash", "guess")
        assert wrong.value.code == "R36"
    with pytest.raises(Refusal) as guessed_here:
        give_password(house.runtime, LEEDS, "ann.ash", PASSWORD)
    assert guessed_here.value.code == "R33"


def test_whoever_guesses_at_the_same_address_keeps_nobody_from_the_browser_they_use(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    own = replace(LEEDS, browser=house.sign_in("ann.ash", LEEDS).browser)
    for _guess in range(30):
        house.clock.at += timedelta(seconds=20)
        with pytest.raises(Refusal):
            give_password(house.runtime, LEEDS, "ann.ash", "guess")
    with pytest.raises(Refusal) as another_browser:
        give_password(house.runtime, LEEDS, "ann.ash", PASSWORD)
    assert another_browser.value.code == "R33"
    again = house.sign_in("ann.ash", own)
    assert (again.scope, again.browser) == ("full", own.browser)


def test_the_mark_stays_in_the_browser_after_signing_out(app: Flask, house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    browser, beside = (Browser(app, house, LEEDS.address) for _ in range(2))
    browser.sign_in("ann.ash")
    assert browser.post("/identity/sign-out", {}, page="/identity/my-access").status_code == 303
    guess = {"username": "ann.ash", "password": "guess"}
    answers = [beside.post("/identity/sign-in", guess).status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]
    assert browser.sign_in("ann.ash").location == "/"


def test_whoever_sprays_the_address_keeps_nobody_from_the_browser_they_use(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    own = replace(LEEDS, browser=house.sign_in("ann.ash", LEEDS).browser)
    for number in range(30):
        with pytest.raises(Refusal):
            give_password(house.runtime, LEEDS, f"somebody.{number}", "summer 2026 password")
    with pytest.raises(Refusal) as another_browser:
        give_password(house.runtime, LEEDS, "ann.ash", PASSWORD)
    assert another_browser.value.code == "R33"
    assert house.sign_in("ann.ash", own).scope == "full"


def test_a_browsers_mark_counts_guesses_by_itself_and_for_its_accounts_only(house: House) -> None:
    for name in ("ann.ash", "bob.birch"):
        house.add(name, "pdu-N55LEE")
    own = replace(LEEDS, browser=house.sign_in("ann.ash", LEEDS).browser)

    def codes(username: str, origin: Origin, tries: int) -> list[str]:
        found = []
        for _ in range(tries):
            with pytest.raises(Refusal) as refused:
                give_password(house.runtime, origin, username, "guess")
            found.append(refused.value.code)
        return found

    assert codes("ann.ash", own, 6) == ["R36"] * 5 + ["R33"]
    assert codes("ann.ash", replace(NOWHERE, browser=own.browser), 1) == ["R33"]
    made_up = [replace(NOWHERE, browser=letter * 43) for letter in "abcdef"]
    assert [code for one in made_up for code in codes("bob.birch", one, 1)] == ["R36"] * 5 + ["R33"]
    assert codes("bob.birch", replace(NOWHERE, browser=own.browser), 1) == ["R33"]
    house.clock.at += timedelta(minutes=5)
    assert house.sign_in("bob.birch", own).browser == own.browser
    assert house.sign_in("ann.ash", own).scope == "full"


def test_a_mark_is_forgotten_after_ninety_days_and_a_strange_one_replaced(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    first = house.sign_in("ann.ash", replace(LEEDS, browser="\x00 too short")).browser
    assert len(first) == 43
    for days, code in ((89, "R36"), (1, "R33")):
        house.clock.at += timedelta(days=days)
        for _ in range(5):
            with pytest.raises(Refusal):
                give_password(house.runtime, LEEDS, "ann.ash", "guess")
        with pytest.raises(Refusal) as refused:
            give_password(house.runtime, replace(LEEDS, browser=first), "ann.ash", "guess")
        assert refused.value.code == code


def test_an_account_typed_otherwise_is_counted_as_the_same(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    for typed in ("ann.ash", " ann.ash", "ANN.ash  ", "\tann.ash", "ann.ash\u2003"):
        with pytest.raises(Refusal):
            give_password(house.runtime, NOWHERE, typed, "guess")
    with pytest.raises(Refusal) as waits:
        give_password(house.runtime, NOWHERE, "ann.ash", PASSWORD)
    assert waits.value.code == "R33"


def test_of_many_who_guess_at_once_each_is_counted(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    gate = Barrier(4)

    def guess(number: int) -> str:
        gate.wait()
        with pytest.raises(Refusal) as refused:
            give_password(house.runtime, NOWHERE, "ann.ash", f"guess {number}")
        return refused.value.code

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(guess, range(4))) == ["R36"] * 4
    assert {row.kind: row.failures for row in house.rows(Throttle)} == {"account": 4, "pair": 4, "place": 4}
    with pytest.raises(Refusal):
        give_password(house.runtime, NOWHERE, "ann.ash", "guess")
    with pytest.raises(Refusal) as waits:
        give_password(house.runtime, NOWHERE, "ann.ash", PASSWORD)
    assert waits.value.code == "R33"


def test_one_password_tried_on_many_accounts_from_one_place_makes_that_place_wait(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    for number in range(30):
        with pytest.raises(Refusal):
            give_password(house.runtime, NOWHERE, f"somebody.{number}", "summer 2026 password")
    with pytest.raises(Refusal) as waits:
        give_password(house.runtime, NOWHERE, "ann.ash", PASSWORD)
    assert (waits.value.code, waits.value.fills["minutes"]) == ("R33", "2")
    assert house.sign_in("ann.ash", LEEDS).scope == "full"
    house.clock.at += timedelta(minutes=2)
    assert give_password(house.runtime, NOWHERE, "ann.ash", PASSWORD)


def test_a_terminal_is_counted_as_itself_whatever_its_address(house: House) -> None:
    house.add("gail.gate", "prison-WSI")
    key = "WSI-001"
    for number in range(5):
        with pytest.raises(Refusal):
            give_password(house.runtime, Origin(f"10.2.0.{number + 1}", key), "gail.gate", "guess")
    with pytest.raises(Refusal) as waits:
        give_password(house.runtime, Origin("10.2.0.99", key), "gail.gate", PASSWORD)
    assert waits.value.code == "R33"


def test_a_simulated_place_counts_in_no_real_database(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    (lan,) = [row for row in house.rows(NetworkRange) if str(row.addresses) == "10.1.0.0/24"]
    assert refusal(house, "ann.ash", Origin("203.0.113.7", None, (None, lan.id))).code == "R10"


def test_of_two_who_send_one_code_at_the_same_moment_one_gets_in(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    steps = [give_password(house.runtime, LEEDS, "ann.ash", PASSWORD) for _ in range(2)]
    gate = Barrier(2)

    def send(step: str) -> str:
        gate.wait()
        try:
            return give_code(house.runtime, LEEDS, step, house.code(), secure_office=True).scope
        except Refusal as refused:
            return refused.code

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(send, steps)) == ["R36", "full"]
    assert len(house.rows(SignInSession)) == 1


def test_the_tick_marks_unused_sessions_and_forgets_old_attempts(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    with pytest.raises(Refusal):
        give_password(house.runtime, LEEDS, "ann.ash", "guess")
    house.sign_in("ann.ash", LEEDS)
    give_password(house.runtime, LEEDS, "ann.ash", PASSWORD)

    def left_after(minutes: int) -> tuple[int, int, int]:
        house.clock.at += timedelta(minutes=minutes)
        with house.runtime.system_work("tick") as work:
            sweep(work)
        open_ones = [row for row in house.rows(SignInSession) if row.ended_at is None]
        return len(open_ones), len(house.rows(SignInStep)), len(house.rows(Throttle))

    # The pair was forgiven by the sign-in, and stands as known for 90 days, as the browser does.
    assert left_after(4) == (1, 1, 4)
    assert left_after(1) == (1, 0, 4)
    assert left_after(10) == (0, 0, 4)
    assert left_after(2 * 24 * 60) == (0, 0, 2)
    assert left_after(88 * 24 * 60) == (0, 0, 0)
