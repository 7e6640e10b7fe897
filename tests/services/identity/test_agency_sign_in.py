"""An agency's own directory or provider says who somebody is; whether they get in is still ours to say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from deploy.certificates import make_certificates
from services.identity.agency_sign_in import jobs, openid
from services.identity.agency_sign_in.configured import DirectoriesError, directories
from services.identity.agency_sign_in.models import ProviderRequest
from services.identity.agency_sign_in.steps import begin, finish
from services.identity.people.models import Person
from services.identity.sessions.models import SignInSession
from services.identity.sessions.principals import principal_of
from services.identity.sign_in.code_step import give_code
from services.identity.sign_in.outcomes import StartAgain
from services.identity.sign_in.password_step import give_password
from services.identity.terminals.locating import Origin
from shared.access.principal import grants
from shared.refusals import Invalid, Refusal
from tests.servers.openid import CLIENT, SECRET, OpenId, openid_provider
from tests.servers.required import require
from tests.servers.slapd import ROOT, SUFFIX, Slapd, slapd
from tests.services.identity.acting import ask, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import FORCE, LEEDS, NOWHERE, PASSWORD, SCRUBS, House

THEIRS = "what the force knows"
CALLBACK = "http://localhost/identity/sign-in/with/police-13/back"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    require("slapd")
    with slapd(tmp_path_factory.mktemp("slapd")) as found:
        found.add("ann.ash", THEIRS, cn="Ann Ash", mail="ann.ash@force.example", title="Sergeant")
        yield found


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenId]:
    with openid_provider(CALLBACK) as found:
        yield found


def configured(house: House, path: Path, text: str) -> House:
    path.write_text(text)
    settings = replace(house.runtime.settings, directories=path, origin="http://localhost")
    house.runtime.settings = settings
    return house


def with_ldap(house: House, tmp_path: Path, server: Slapd, *, address: str = "", **more: str) -> House:
    lines = {
        "agency": "police-13",
        "address": address or server.address,
        "base": SUFFIX,
        "bind_dn": ROOT,
        "bind_password_file": str(server.secret_file),
        "ca_file": str(server.authority),
        **more,
    }
    given = "\n".join(f'{name} = "{value}"' for name, value in lines.items())
    return configured(house, tmp_path / "directories.toml", f"[[ldap]]\n{given}\n")


def with_provider(house: House, tmp_path: Path, provider: OpenId) -> House:
    (tmp_path / "secret").write_text(SECRET)
    given = (
        f'agency = "police-13"\nname = "Force sign-in"\nissuer = "{provider.issuer}"\n'
        f'client_id = "{CLIENT}"\nclient_secret_file = "{tmp_path / "secret"}"\n'
    )
    return configured(house, tmp_path / "directories.toml", f"[[openid]]\n{given}")


def refused(house: House, password: str, username: str = "ann.ash") -> str:
    with pytest.raises(Refusal) as refusal:
        give_password(house.runtime, FORCE, username, password)
    return refusal.value.code


@pytest.mark.clause("PF-7/Identity Manager LDAP.1")
@pytest.mark.parametrize("over", ["ldaps", "raised to TLS"])
def test_the_directory_knows_the_password_and_we_do_not(
    house: House, tmp_path: Path, server: Slapd, over: str
) -> None:
    house.add("ann.ash", "force-13")
    with_ldap(house, tmp_path, server, address="" if over == "ldaps" else server.plain)
    assert give_password(house.runtime, FORCE, "ann.ash", THEIRS)
    assert refused(house, PASSWORD) == "R36", "the password that stands here does not count"
    assert refused(house, "") == "R36", "an empty one would be an anonymous bind"
    assert house.sign_in("ann.ash", FORCE, password=THEIRS).scope == "full"


def test_others_sign_in_as_ever(house: House, tmp_path: Path, server: Slapd) -> None:
    house.add("ben.beck", "pdu-N55LEE")
    with_ldap(house, tmp_path, server)
    assert house.sign_in("ben.beck", LEEDS).scope == "full"


@pytest.mark.parametrize("username", ["*", "ann.*", "ann.ash)(uid=*", "ann.ash\\"])
def test_a_user_name_is_no_filter(house: House, tmp_path: Path, server: Slapd, username: str) -> None:
    house.add("ann.ash", "force-13")
    house.add(username, "force-13")
    with_ldap(house, tmp_path, server)
    assert refused(house, THEIRS, username) == "R36"


# Whatever the agency says of the password, each gate of ours still stands: what is amiss, from where, and the refusal.
GATES: list[tuple[dict[str, Any], Origin, str]] = [
    ({"vetting": None}, FORCE, "R01"),
    ({"vetting": ("nppv2", -400, -1)}, FORCE, "R02"),
    ({"trained": False}, FORCE, "R04"),
    ({"state": "disabled"}, FORCE, "R08"),
    ({}, NOWHERE, "R10"),
]


@pytest.mark.clause("PF-6.1.1", "PF-6.2.1", "PF-6.6.1")
@pytest.mark.parametrize(("amiss", "origin", "code"), GATES)
def test_every_gate_still_stands_behind_the_directory(
    house: House, tmp_path: Path, server: Slapd, amiss: dict[str, Any], origin: Origin, code: str
) -> None:
    house.add("ann.ash", "force-13", **amiss)
    with_ldap(house, tmp_path, server)
    with pytest.raises(Refusal) as refusal:
        house.sign_in("ann.ash", origin, password=THEIRS)
    assert refusal.value.code == code


@pytest.mark.clause("PF-6.4.1", "PF-7/SyOps.1")
def test_terminal_syops_and_tokens_are_ours_to_ask_for_and_to_give(
    house: House, tmp_path: Path, server: Slapd
) -> None:
    ann = house.add("ann.ash", "prison-WSI", signed=False, tokens=(("partner", "prison-WSI"),))
    with_ldap(house, tmp_path, server, agency="prison-service")
    assert house.sign_in("ann.ash", SCRUBS, password=THEIRS).scope == "onboarding"
    with house.runtime.system_work("test.sign") as work:
        house._sign(work.session, ann, work.system_now)
    with pytest.raises(Refusal) as refusal:
        house.sign_in("ann.ash", Origin(SCRUBS.address), password=THEIRS)
    assert refusal.value.code == "R09"
    opened = house.sign_in("ann.ash", SCRUBS, password=THEIRS)
    with house.runtime.system_work("test.read") as work:
        session, person = (
            work.session.get_one(SignInSession, opened.session_id),
            work.session.get_one(Person, ann),
        )
        mine = principal_of(work.session, session, person, "visor")
    assert (opened.scope, mine.tokens) == ("full", grants([("partner", "prison-WSI")]))


def test_a_directory_that_is_away_lets_nobody_in_and_blames_nobody(
    house: House, tmp_path: Path, server: Slapd
) -> None:
    house.add("ann.ash", "force-13")
    with_ldap(house, tmp_path, server)
    server.stop()
    try:
        assert [refused(house, THEIRS) for _ in range(12)] == ["R46"] * 12
        assert refused(house, PASSWORD) == "R46"
    finally:
        server.start()
    assert give_password(house.runtime, FORCE, "ann.ash", THEIRS), "no attempt was counted"
    assert {entry.refusal_code for entry in house.audited(action="sign_in.password")} == {"R46", None}


def test_a_directory_with_a_strange_certificate_is_not_believed(
    house: House, tmp_path: Path, server: Slapd
) -> None:
    house.add("ann.ash", "force-13")
    with_ldap(house, tmp_path, server, ca_file=str(make_certificates(tmp_path).authority))
    assert refused(house, THEIRS) == "R46"


@pytest.mark.clause("PF-7/Identity Manager LDAP.1")
def test_the_administrator_looks_somebody_up(house: House, tmp_path: Path, server: Slapd) -> None:
    house.add("ada.admin", "home-office", vetting=("nppv3", -10, 100), tokens=(("admin", "home-office"),))
    house.add("ben.beck", "pdu-N55LEE")
    with_ldap(house, tmp_path, server)
    asked = {"agency": "police-13", "username": "ann.ash"}
    found = ask(house, "ada.admin", "agency_sign_in.look_up", **asked)
    card = {"name": "Ann Ash", "email": "ann.ash@force.example", "job_title": "Sergeant"}
    assert found == {"found": True, "card": card}
    assert ask(house, "ada.admin", "agency_sign_in.look_up", **asked | {"username": "*"})["found"] is False
    with pytest.raises(Refusal) as refusal:
        ask(house, "ben.beck", "agency_sign_in.look_up", **asked)
    assert refusal.value.code == "R11"
    with pytest.raises(Invalid):
        ask(house, "ada.admin", "agency_sign_in.look_up", **asked | {"agency": "prison-service"})


@pytest.mark.clause("PF-4.38.1")
def test_who_is_gone_from_the_directory_two_days_running_is_disabled(
    house: House, tmp_path: Path, server: Slapd
) -> None:
    house.add("ann.ash", "force-13")
    house.add("gil.gone", "force-13")
    house.add("ben.beck", "pdu-N55LEE")
    with_ldap(house, tmp_path, server)

    def look() -> int:
        with house.runtime.system_work("tick") as work:
            return jobs.look_for_leavers(work)

    assert [look(), look()] == [0, 0], "once a day, and the first time is not believed"
    house.clock.at += timedelta(days=1)
    server.stop()
    try:
        assert look() == 0, "a directory that cannot be asked says nothing"
    finally:
        server.start()
    assert look() == 1
    gone = {one.username: one.disabled_reason for one in house.rows(Person) if one.state == "disabled"}
    assert gone == {"gil.gone": "not_in_directory"}
    (entry,) = house.audited(action="accounts.not_in_directory")
    assert entry.subject_id == house.people["gil.gone"]


def test_their_password_is_not_changed_here(house: House, tmp_path: Path, server: Slapd) -> None:
    house.add("ann.ash", "force-13")
    with_ldap(house, tmp_path, server)
    new = {"new_password": "seven brown badgers sing", "new_password_again": "seven brown badgers sing"}
    with pytest.raises(Invalid) as invalid:
        run(house, "ann.ash", "sign_in.change_password", **new)
    assert "new_password" in invalid.value.errors


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[ldap]]\nagency = 'a'\n", "missing"),
        ("[[ldap]]\nagency = 'a'\ncolour = 'red'\n", "unknown colour"),
        ("colour = 'red'", "unknown colour"),
        ("[[ldap", "Expected"),
        (
            "[[ldap]]\nagency = 'a'\naddress = 'http://x'\nbase = 'b'\nbind_dn = 'c'\nbind_password_file = 'd'\n",
            "ldaps://",
        ),
        (
            "[[openid]]\nagency='a'\nname='n'\nissuer='http://force.example'\nclient_id='c'\nclient_secret_file='d'",
            "not https",
        ),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "directories.toml"
    path.write_text(text)
    with pytest.raises(DirectoriesError, match=says):
        directories(path)


@pytest.mark.clause("PF-7/Identity Manager LDAP.1")
def test_a_provider_says_who_it_is_and_our_own_code_follows(
    house: House, app: Flask, tmp_path: Path, provider: OpenId
) -> None:
    house.add("ann.ash", "force-13")
    with_provider(house, tmp_path, provider)
    browser = Browser(app, house, "10.4.0.7")
    assert 'href="/identity/sign-in/with/police-13"' in browser.get("/identity/sign-in").text
    away = browser.get("/identity/sign-in/with/police-13")
    back = provider.signed_in(away.headers["location"], "ann.ash")
    came = browser.get(f"{back.path}?{back.query.decode()}")
    assert "Force sign-in has confirmed who you are" in came.text
    house.clock.at += timedelta(seconds=30)
    opened = browser.post("/identity/sign-in/code", {"code": house.code()})
    assert opened.headers["location"] == "/"
    again = browser.get(f"{back.path}?{back.query.decode()}")
    assert again.headers["location"] == "/identity/sign-in?late", "a state counts once"
    assert house.rows(ProviderRequest) == []


@pytest.mark.clause("PF-6.1.1", "PF-6.2.1", "PF-6.6.1")
@pytest.mark.parametrize(("amiss", "origin", "code"), GATES)
def test_every_gate_still_stands_behind_the_provider(
    house: House, tmp_path: Path, provider: OpenId, amiss: dict[str, Any], origin: Origin, code: str
) -> None:
    house.add("ann.ash", "force-13", **amiss)
    runtime = with_provider(house, tmp_path, provider).runtime
    address, state = begin(runtime, "police-13")
    step = finish(runtime, FORCE, "police-13", state, dict(provider.signed_in(address, "ann.ash").params))
    with pytest.raises(Refusal) as refusal:
        give_code(runtime, origin, step, house.code(), secure_office=False)
    assert refusal.value.code == code


def test_a_provider_vouches_only_for_its_own_agency(
    house: House, app: Flask, tmp_path: Path, provider: OpenId
) -> None:
    house.add("ben.beck", "pdu-N55LEE")
    with_provider(house, tmp_path, provider)
    browser = Browser(app, house, "10.4.0.7")
    away = browser.get("/identity/sign-in/with/police-13")
    back = provider.signed_in(away.headers["location"], "ben.beck")
    assert browser.get(f"{back.path}?{back.query.decode()}").status_code == 401
    (entry,) = [one for one in house.audited(action="sign_in.provider") if one.outcome == "refused"]
    assert entry.refusal_code == "R36"


def test_another_browser_cannot_bring_the_answer(
    house: House, app: Flask, tmp_path: Path, provider: OpenId
) -> None:
    house.add("ann.ash", "force-13")
    with_provider(house, tmp_path, provider)
    away = Browser(app, house, "10.4.0.7").get("/identity/sign-in/with/police-13")
    back = provider.signed_in(away.headers["location"], "ann.ash")
    stolen = Browser(app, house, "10.4.0.7").get(f"{back.path}?{back.query.decode()}")
    assert stolen.headers["location"] == "/identity/sign-in?late"


def test_an_answer_that_was_tampered_with_lets_nobody_in(
    house: House, tmp_path: Path, provider: OpenId
) -> None:
    house.add("ann.ash", "force-13")
    runtime = with_provider(house, tmp_path, provider).runtime
    for spoil in ({"code": "guessed"}, {"iss": "https://other.example"}, {"code": ""}):
        address, state = begin(runtime, "police-13")
        answer = dict(provider.signed_in(address, "ann.ash").params)
        with pytest.raises(Refusal) as refusal:
            finish(runtime, FORCE, "police-13", state, answer | spoil)
        assert refusal.value.code == "R36"
    address, state = begin(runtime, "police-13")
    house.clock.at += timedelta(minutes=10)
    with pytest.raises(StartAgain):
        finish(runtime, FORCE, "police-13", state, {"code": "late"})


def test_a_word_that_was_given_to_another_sign_in_lets_nobody_in(
    house: House, tmp_path: Path, provider: OpenId
) -> None:
    """The nonce alone differs: code, state and verifier are right (OpenID Connect Core, 3.1.3.7)."""
    house.add("ann.ash", "force-13")
    runtime = with_provider(house, tmp_path, provider).runtime
    address, state = begin(runtime, "police-13")
    answer = dict(provider.signed_in(address, "ann.ash").params)
    with runtime.system_work("test.nonce") as work:
        work.session.execute(update(ProviderRequest).values(nonce="another"))
    with pytest.raises(Refusal) as refusal:
        finish(runtime, FORCE, "police-13", state, answer)
    assert refusal.value.code == "R36"


def test_a_provider_that_is_away_is_said_to_be(house: House, app: Flask, tmp_path: Path) -> None:
    house.add("ann.ash", "force-13")
    openid._METADATA.clear()
    with_provider(house, tmp_path, OpenId("http://127.0.0.1:9", CALLBACK))
    answer = Browser(app, house, "10.4.0.7").get("/identity/sign-in/with/police-13")
    assert answer.status_code == 503
    assert "cannot be asked" in answer.text
