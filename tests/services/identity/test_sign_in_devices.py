"""Device keys: replaced at each sign-in, a copy gives itself away, a lost answer does not; certificates instead."""

from __future__ import annotations

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import update

from services.identity.sessions.models import SignInSession
from services.identity.sign_in.certificates import fingerprint
from services.identity.terminals.device_keys import ReplacedKey
from services.identity.terminals.locating import Origin
from services.identity.terminals.models import Terminal
from shared.refusals import Refusal
from tests.services.identity.browser import Browser
from tests.services.identity.house import SCRUBS, House

ADDRESS = "10.2.0.7"
NAMES = ("gail.gate", "hal.hall")


@pytest.fixture
def scrubs(house: House) -> House:
    """A prison with its group's CPC, its ViSOR lead and two users, at one approved terminal."""
    house.add("cora.cpc", "group-LNDN", vetting=("nppv3", -9, 300), tokens=(("cpc", "group-LNDN"),))
    house.add("lee.lead", "prison-WSI", roles=(("visor_lead", "prison-WSI"),))
    for name in NAMES:
        house.add(name, "prison-WSI")
    return house


def at(key: str | None) -> Origin:
    return Origin(ADDRESS, key)


def code_of(house: House, username: str, key: str | None) -> str:
    with pytest.raises(Refusal) as refused:
        house.sign_in(username, at(key))
    return refused.value.code


def terminal(house: House) -> Terminal:
    (found,) = [row for row in house.rows(Terminal) if row.asset_tag == "WSI-001"]
    return found  # type: ignore[no-any-return]


def stopped(house: House) -> bool:
    found = terminal(house)
    return (found.status, found.withdrawn_reason) == ("withdrawn", "key_copied")


@pytest.mark.clause("PF-6.4.1")
def test_each_sign_in_brings_the_terminal_a_new_key(scrubs: House) -> None:
    first = scrubs.sign_in("gail.gate", SCRUBS).device_key
    second = scrubs.sign_in("hal.hall", at(first)).device_key
    assert len({"WSI-001", first, second}) == 3
    assert scrubs.sign_in("gail.gate", at(second)).scope == "full"
    assert terminal(scrubs).status == "approved"


@pytest.mark.clause("PF-6.4.1")
def test_a_copy_stops_both_and_the_cpc_and_the_lead_are_told(scrubs: House) -> None:
    first = scrubs.sign_in("gail.gate", SCRUBS).device_key
    second = scrubs.sign_in("gail.gate", at(first)).device_key  # shows that the first arrived
    assert code_of(scrubs, "hal.hall", "WSI-001") == "R43"
    assert stopped(scrubs)
    assert [row.end_reason for row in scrubs.rows(SignInSession)] == ["terminal_withdrawn"] * 2
    (event,) = scrubs.events("identity.terminal.withdrawn")
    assert event.data["reason_code"] == "key_copied"
    told = {duty["person_id"] for copy in event.copies for duty in copy["people"]}
    assert told == {str(scrubs.people["cora.cpc"]), str(scrubs.people["lee.lead"])}
    (entry,) = scrubs.audited(action="terminals.key_copied")
    assert (entry.outcome, entry.refusal_code) == ("refused", "R43")
    # Neither the copy nor the terminal itself gets in any more.
    assert code_of(scrubs, "gail.gate", second) == "R09"
    assert code_of(scrubs, "gail.gate", "WSI-001") == "R09"
    assert len(scrubs.events("identity.terminal.withdrawn")) == 1


@pytest.mark.clause("PF-6.4.1")
def test_a_lost_answer_is_no_copy_for_five_minutes(scrubs: House) -> None:
    scrubs.sign_in("gail.gate", SCRUBS)  # the answer, and the key in it, never arrived
    scrubs.clock.at += timedelta(minutes=4)
    third = scrubs.sign_in("gail.gate", SCRUBS).device_key
    assert scrubs.sign_in("gail.gate", at(third)).scope == "full"
    assert terminal(scrubs).status == "approved"


def test_after_its_grace_a_replaced_key_is_a_copy_whoever_shows_it(scrubs: House) -> None:
    scrubs.sign_in("gail.gate", SCRUBS)
    scrubs.clock.at += timedelta(minutes=5)
    assert code_of(scrubs, "gail.gate", "WSI-001") == "R43"
    assert stopped(scrubs)


def test_a_key_of_long_ago_is_a_copy_too(scrubs: House) -> None:
    key = scrubs.sign_in("gail.gate", SCRUBS).device_key
    for _ in range(3):
        key = scrubs.sign_in("gail.gate", at(key)).device_key
    assert code_of(scrubs, "hal.hall", "WSI-001") == "R43"


@pytest.mark.parametrize("last", [0, 1])
def test_two_who_sign_in_at_one_terminal_at_once_both_get_in(scrubs: House, last: int) -> None:
    """Whichever of the two answers the browser took last, within the grace."""
    gate = Barrier(2)

    def sign_in(name: str) -> str | None:
        gate.wait()
        return scrubs.sign_in(name, SCRUBS).device_key

    with ThreadPoolExecutor(2) as threads:
        keys = list(threads.map(sign_in, NAMES))
    assert len(set(keys)) == 2
    assert scrubs.sign_in("gail.gate", at(keys[last])).scope == "full"
    assert terminal(scrubs).status == "approved"


def test_a_sign_in_that_is_refused_leaves_the_key_as_it_was(scrubs: House) -> None:
    scrubs.add("una.untrained", "prison-WSI", trained=False)
    assert code_of(scrubs, "una.untrained", "WSI-001") == "R04"
    assert scrubs.rows(ReplacedKey) == []
    assert scrubs.sign_in("gail.gate", SCRUBS).scope == "full"


@pytest.mark.clause("PF-6.4.1")
def test_a_sessions_id_is_worth_nothing_without_its_terminals_key(app: Flask, scrubs: House) -> None:
    browser = Browser(app, scrubs, ADDRESS, "WSI-001")
    browser.sign_in("gail.gate")
    assert browser.get("/identity/my-access").status_code == 200
    session = browser.client.get_cookie("__Host-visor", domain="localhost").value  # type: ignore[union-attr]
    for key in (None, "PVI-001"):
        thief = Browser(app, scrubs, ADDRESS, key)
        thief.client.set_cookie("__Host-visor", session, domain="localhost", secure=True)
        assert thief.get("/identity/my-access").status_code == 303
    assert browser.get("/identity/my-access").status_code == 200


def test_the_edge_shows_the_new_key_at_once_so_that_its_predecessor_is_over(
    app: Flask, scrubs: House
) -> None:
    browser = Browser(app, scrubs, ADDRESS, "WSI-001")
    browser.sign_in("gail.gate")
    browser.get("/identity/my-access")
    assert code_of(scrubs, "hal.hall", "WSI-001") == "R43"
    assert browser.signed_out_within_seconds()


def certificate_header(form: str) -> str:
    der = base64.b64encode(b"a certificate").decode()
    if form == "rfc9440":
        return f":{der}:"
    return quote(f"-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----\n")


@pytest.mark.parametrize("form", ["rfc9440", "nginx"])
def test_a_certificate_is_known_by_its_fingerprint(form: str) -> None:
    assert fingerprint(certificate_header(form)) == hashlib.sha256(b"a certificate").hexdigest()


@pytest.mark.parametrize("header", ["", "::", ":*:", "a certificate", "-----BEGIN CERTIFICATE-----"])
def test_what_is_no_certificate_has_no_fingerprint(header: str) -> None:
    assert fingerprint(header) is None


@pytest.mark.clause("PF-6.4.1")
@pytest.mark.parametrize(("proxies", "status"), [((ADDRESS,), 303), ((), 403)])
def test_a_certificate_counts_only_from_a_proxy_that_we_know(
    app: Flask, scrubs: House, proxies: tuple[str, ...], status: int
) -> None:
    with scrubs.runtime.system_work("test.certificate") as work:
        print_ = hashlib.sha256(b"a certificate").hexdigest()
        one = update(Terminal).where(Terminal.asset_tag == "WSI-001")
        work.session.execute(one.values(certificate_fingerprint=print_))
    sent = {"Client-Cert": certificate_header("nginx"), "X-Forwarded-For": ADDRESS}
    browser = Browser(app, scrubs, ADDRESS, trusted=proxies, headers=sent)
    answer = browser.sign_in("gail.gate")
    assert answer.status_code == status
    assert "__Host-visor-device" not in str(answer.headers)
