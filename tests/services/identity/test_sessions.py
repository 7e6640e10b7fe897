"""Open sessions: seen and ended by their owner, and by whoever looks after the account; how long they last."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from services.identity.sessions.models import SignInSession
from services.identity.sign_in.jobs import sweep
from shared.refusals import Refusal
from tests.services.identity.acting import refused_without_recent_sign_in, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import AREA, LEEDS, House

REASON = "Somebody else sat at the desk."


@pytest.fixture
def staffed(house: House) -> House:
    house.add("cora.cpc", "area-53", vetting=("nppv3", -9, 300), tokens=(("cpc", "area-53"),))
    house.add("dave.cpc", "area-52", vetting=("nppv3", -9, 300), tokens=(("cpc", "area-52"),))
    house.add("ida.admin", "home-office", vetting=("nppv3", -9, 300), tokens=(("admin", "home-office"),))
    house.add("ann.ash", "pdu-N55LEE")
    house.add("bob.birch", "pdu-N55LEE")
    return house


def ended(house: House) -> list[str | None]:
    return [row.end_reason for row in sorted(house.rows(SignInSession), key=lambda row: row.opened_at)]


def test_one_sees_where_since_when_and_when_last(app: Flask, staffed: House) -> None:
    browser = Browser(app, staffed, "10.1.0.7")
    browser.sign_in("ann.ash")
    staffed.sign_in("ann.ash", LEEDS)
    page = browser.get("/identity/sessions").text
    assert page.count("pdu-N55LEE lan") == 2
    assert (page.count("This session</h2>"), page.count("Another session</h2>")) == (1, 1)
    assert "2 March 2026 at 9am" in page


def test_one_ends_all_but_the_one_one_sits_at(app: Flask, staffed: House) -> None:
    staffed.sign_in("bob.birch", LEEDS)
    staffed.sign_in("ann.ash", LEEDS)
    staffed.sign_in("ann.ash", LEEDS)
    browser = Browser(app, staffed, "10.1.0.7")
    browser.sign_in("ann.ash")
    assert browser.post("/identity/sessions/end-others", {}).status_code == 303
    assert ended(staffed) == [None, "ended_by_owner", "ended_by_owner", None]
    assert browser.get("/identity/sessions").status_code == 200


@pytest.mark.clause("PF-4.16/A.6")
@pytest.mark.parametrize("who", ["cora.cpc", "ida.admin"])
def test_who_looks_after_an_account_ends_its_sessions(staffed: House, who: str) -> None:
    staffed.sign_in("ann.ash", LEEDS)
    staffed.sign_in("bob.birch", LEEDS)
    run(staffed, who, "sessions.end_all", person_id=staffed.people["ann.ash"], reason=REASON)
    assert ended(staffed) == ["ended_by_another", None]
    (event,) = staffed.events("identity.session.revoked")
    assert (event.urgent, event.data["person_id"]) == (True, str(staffed.people["ann.ash"]))
    assert REASON not in str(event.data)
    (entry,) = staffed.audited(action="sessions.end_all")
    assert (entry.facts["ended"], REASON in str(entry.facts)) == (1, False)
    assert staffed.sign_in("ann.ash", LEEDS).scope == "full"


@pytest.mark.parametrize(
    ("who", "whom", "code"),
    [
        ("dave.cpc", "ann.ash", "R24"),
        ("bob.birch", "ann.ash", "R24"),
        ("cora.cpc", "cora.cpc", "R23"),
    ],
)
def test_nobody_else_does(staffed: House, who: str, whom: str, code: str) -> None:
    staffed.sign_in("ann.ash", LEEDS)
    with pytest.raises(Refusal) as refused:
        run(staffed, who, "sessions.end_all", person_id=staffed.people[whom], reason=REASON)
    assert refused.value.code == code
    assert ended(staffed) == [None]


def test_ending_somebodys_sessions_asks_for_a_recent_sign_in(staffed: House) -> None:
    given = {"person_id": staffed.people["ann.ash"], "reason": REASON}
    assert refused_without_recent_sign_in(staffed, "cora.cpc", "sessions.end_all", **given)


def test_the_cpc_sees_and_ends_them_on_pages_and_others_do_not(app: Flask, staffed: House) -> None:
    ann = f"/identity/people/{staffed.people['ann.ash']}/sessions"
    desk = Browser(app, staffed, "10.1.0.7")
    desk.sign_in("ann.ash")
    cora = Browser(app, staffed, "10.6.0.7")
    cora.sign_in("cora.cpc")
    assert "pdu-N55LEE lan" in cora.get(ann).text
    done = cora.post(f"{ann}/end", {"reason": REASON})
    assert done.status_code == 303, done.text
    assert "None is open" in cora.get(done.location).text
    assert desk.signed_out_within_seconds()
    bob = Browser(app, staffed, "10.1.0.8")
    bob.sign_in("bob.birch")
    assert (bob.get(ann).status_code, "Refusal R24" in bob.get(ann).text) == (403, True)


def test_the_longest_session_is_policys_to_say(app: Flask, staffed: House) -> None:
    opened = staffed.sign_in("cora.cpc", AREA)
    client = app.test_client()
    client.set_cookie("__Host-visor", opened.secret)

    def asked_each_ten_minutes(hours: float) -> int:
        status = 0
        for _ in range(int(hours * 6)):
            staffed.clock.at += timedelta(minutes=10)
            status = client.get("/identity/edge/credential").status_code
        return status

    assert asked_each_ten_minutes(11.9) == 204
    assert asked_each_ten_minutes(0.2) == 401
    with staffed.runtime.system_work("tick") as work:
        sweep(work)
    assert ended(staffed) == ["unused"]
