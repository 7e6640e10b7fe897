"""Asking for the Central Support token, and what the CPC decides."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from flask import Flask

from services.identity.tokens.models import TokenGrant
from shared.refusals import Invalid
from tests.services.identity.acting import grant, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import House
from tests.services.identity.test_tokens import NPPV3, at_once, code_of


@pytest.fixture
def area(house: House) -> House:
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("sam.south", "area-52", vetting=NPPV3, tokens=(("cpc", "area-52"),))
    house.add("lena.lpc", "pdu-N55LEE", vetting=NPPV3, tokens=(("lpc", "pdu-N55LEE"),))
    house.add("ann.ash", "pdu-N55LEE")
    return house


def ask(house: House, username: str = "lena.lpc") -> Any:
    return run(house, username, "central_support.ask", reason="I deputise in the summer")["id"]


def decide(house: House, by: str, request: Any, decision: str = "grant") -> Any:
    given = {"request_id": request, "decision": decision, "reason": "Agreed at supervision"}
    return run(house, by, "central_support.decide", **given)


@pytest.mark.clause("PF-7/Central Support Token.1")
def test_who_is_cleared_asks_and_the_cpc_grants(area: House) -> None:
    request = ask(area)
    (asked,) = area.events("identity.central_support.asked")
    assert (asked.data["unit"], asked.data["jurisdiction"]) == ("pdu-N55LEE", "ENG")
    told = [(one["person_id"], one["as"], one["unit"]) for copy in asked.copies for one in copy["people"]]
    assert told == [(str(area.people["cora.cpc"]), "cpc", "area-53")]
    for by, code in (("sam.south", "R24"), ("ann.ash", "R24"), ("lena.lpc", "R24")):
        assert code_of(partial(decide, area, by, request)) == code
    decide(area, "cora.cpc", request)
    (held,) = [row for row in area.rows(TokenGrant) if row.token == "central_support"]
    assert (held.person_id, held.unit) == (area.people["lena.lpc"], "pdu-N55LEE")
    assert [event.data["outcome"] for event in area.events("identity.central_support.decided")] == ["granted"]
    assert code_of(partial(decide, area, "cora.cpc", request)) == "R34"
    assert code_of(partial(ask, area)) == "R34"


@pytest.mark.clause("PF-7/Central Support Token.1", "PF-6.1.3")
def test_it_is_hidden_and_refused_below_level_3(app: Flask, area: House) -> None:
    assert code_of(partial(ask, area, "ann.ash")) == "R03"
    browser = Browser(app, area, "10.1.0.7")
    browser.sign_in("ann.ash")
    assert "/central-support/ask" not in browser.get("/identity/central-support/requests").text
    refused = browser.get("/identity/central-support/ask")
    assert (refused.status_code, "R03" in refused.text) == (403, True)


@pytest.mark.clause("PF-7/Central Support Token.1")
def test_a_refusal_is_told_with_its_reason_and_one_may_ask_again(area: House) -> None:
    request = ask(area)
    assert code_of(partial(ask, area)) == "R34"
    decide(area, "cora.cpc", request, "refuse")
    assert [row for row in area.rows(TokenGrant) if row.token == "central_support"] == []
    assert ask(area)


@pytest.mark.clause("PF-7/Central Support Token.1")
def test_nobody_decides_on_their_own_request(area: House) -> None:
    request = ask(area, "cora.cpc")
    assert code_of(partial(decide, area, "cora.cpc", request)) == "R23"


@pytest.mark.clause("PF-7/Central Support Token.1")
def test_without_its_holders_request_it_is_granted_only_with_a_reason(area: House) -> None:
    with pytest.raises(Invalid) as invalid:
        grant(area, "cora.cpc", "lena.lpc", "central_support", "pdu-N55LEE")
    assert "own request" in invalid.value.errors["note"][0]
    grant(area, "cora.cpc", "lena.lpc", "central_support", "pdu-N55LEE", note="Asked for by e-mail")


@pytest.mark.clause("PF-7/Central Support Token.1")
def test_of_two_who_decide_at_one_moment_one_does(area: House) -> None:
    request = ask(area)
    outcomes = at_once(
        partial(decide, area, "cora.cpc", request), partial(decide, area, "cora.cpc", request, "refuse")
    )
    assert outcomes == ["R34", "done"]


@pytest.mark.clause("PF-7/Central Support Token.1", "PF-7/LPC.2")
def test_asking_and_deciding_on_pages(app: Flask, area: House) -> None:
    browser = Browser(app, area, "10.1.0.7")
    browser.sign_in("lena.lpc")
    sent = browser.post("/identity/central-support/ask", {"reason": "I deputise in the summer"})
    assert sent.status_code == 303
    assert "Your CPC has been asked" in browser.get(sent.location).text
    cpc = Browser(app, area, "10.6.0.7")
    cpc.sign_in("cora.cpc")
    listed = cpc.get("/identity/central-support/requests").text
    assert "I deputise in the summer" in listed
    path = listed.split('href="/identity/central-support/requests/')[1].split('"')[0]
    form = {"decision": "grant", "reason": "Agreed at supervision"}
    assert cpc.post(f"/identity/central-support/requests/{path}", form).status_code == 303
