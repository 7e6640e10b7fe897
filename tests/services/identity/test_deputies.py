"""Deputy mode: who acts for a CPC who is away, what their access token says, and how it ends."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from services.identity.deputies.facts import deputy_for
from services.identity.deputies.jobs import turn_deputyships
from services.identity.deputies.models import Deputyship
from services.identity.people.models import Person
from services.identity.sessions.models import SignInSession
from services.identity.sessions.principals import principal_of
from services.identity.tokens.models import TokenGrant, TokenOrder
from shared.refusals import Invalid
from tests.services.identity.acting import authorise, grant, principal, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, House
from tests.services.identity.test_tokens import NPPV3, at_once, code_of

LPC = (("lpc", "pdu-N55LEE"), ("central_support", "pdu-N55LEE"))


@pytest.fixture
def area(house: House) -> House:
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("hope.head", "area-53", roles=(("head_of_public_protection", "area-53"),))
    house.add("lena.lpc", "pdu-N55LEE", vetting=NPPV3, tokens=LPC)
    house.add("ann.ash", "pdu-N55LEE")
    house.add("sam.south", "area-52", vetting=NPPV3, tokens=(("cpc", "area-52"),))
    return house


def name(house: House, by: str, deputy: str, *, days: int = 14, **more: Any) -> Any:
    given = {"valid_from": None, "reason": "On annual leave", "unit": "area-53"}
    last = house.today + timedelta(days=days)
    return run(
        house, by, "deputies.name", **{**given, "person_id": house.people[deputy], "valid_to": last, **more}
    )


def acts_for(house: House, username: str) -> set[str]:
    with house.runtime.system_work("test.read") as work:
        return set(deputy_for(work.session, house.people[username]))


def tick(house: House, days: int = 0) -> None:
    house.clock.at += timedelta(days=days)
    with house.runtime.system_work("tick") as work:
        turn_deputyships(work)


@pytest.mark.clause("PF-7/LPC.2", "PF-4.8/t.2")
def test_an_absent_cpcs_deputy_has_it_in_the_access_token(area: House) -> None:
    name(area, "cora.cpc", "lena.lpc")
    area.sign_in("lena.lpc", LEEDS)
    with area.runtime.system_work("test.read") as work:
        opened = work.session.query(SignInSession).one()
        lena = work.session.get_one(Person, area.people["lena.lpc"])
        vouched = principal_of(work.session, opened, lena, "visor")
        opened.scope = "onboarding"
        newcomer = principal_of(work.session, opened, lena, "visor")
        work.session.expunge(opened)
    assert vouched.deputy_for == {"area-53"}
    assert newcomer.deputy_for == frozenset()
    (row,) = area.rows(Deputyship)
    assert (row.ground, row.started_at is not None) == ("absent", True)


@pytest.mark.clause("PF-7/LPC.2")
def test_what_a_deputy_does_is_marked_for_cpc(area: House) -> None:
    name(area, "cora.cpc", "lena.lpc")
    assert code_of(partial(authorise, area, "lena.lpc", "ann.ash", "supervisor", "pdu-N55LEE")) == "R11"
    deputy = principal(area, "lena.lpc", deputy_for=frozenset({"area-53"}))
    declared = area.runtime.service.declarations.commands["tokens.grant"]
    given = {
        "person_id": area.people["ann.ash"],
        "token": "supervisor",
        "unit": "pdu-N55LEE",
        "valid_from": None,
        "valid_to": None,
        "reason": "Needed for the role",
        "note": None,
        "authority": None,
        "hand_over": False,
    }
    area.runtime.run(declared, deputy, given)
    (order,) = area.rows(TokenOrder)
    assert order.for_cpc == "area-53"
    (entry,) = area.audited(action="tokens.grant", outcome="done")
    assert entry.facts["for_cpc"] == "area-53"
    refused = partial(area.runtime.run, declared, deputy, {**given, "token": "cpc", "unit": "area-53"})
    assert code_of(refused) == "R32"
    own = partial(area.runtime.run, declared, deputy, {**given, "person_id": area.people["lena.lpc"]})
    assert code_of(own) == "R23"


@pytest.mark.clause("PF-7/LPC.2", "PF-4.8/t.2")
@pytest.mark.parametrize(
    ("by", "deputy", "code"),
    [
        ("ann.ash", "lena.lpc", "R32"),
        ("lena.lpc", "lena.lpc", "R32"),
        ("sam.south", "lena.lpc", "R32"),
        ("cora.cpc", "cora.cpc", "R23"),
        ("cora.cpc", "ann.ash", "R03"),
        ("cora.cpc", "sam.south", "R41"),
        ("cora.cpc", "hope.head", "R03"),
    ],
)
def test_who_may_not_deputise(area: House, by: str, deputy: str, code: str) -> None:
    assert code_of(partial(name, area, by, deputy)) == code
    assert area.rows(Deputyship) == []


@pytest.mark.clause("PF-7/LPC.2")
def test_deputy_mode_always_has_an_end(area: House) -> None:
    for days in (-1, 90):
        with pytest.raises(Invalid) as invalid:
            name(area, "cora.cpc", "lena.lpc", days=days)
        assert "valid_to" in invalid.value.errors
    name(area, "cora.cpc", "lena.lpc", days=2)
    tick(area, 2)
    assert acts_for(area, "lena.lpc") == {"area-53"}
    tick(area, 1)
    assert acts_for(area, "lena.lpc") == set()
    assert [event.data["unit"] for event in area.events("identity.deputy.ended")] == ["area-53"]


@pytest.mark.clause("PF-7/LPC.2")
def test_it_begins_on_its_first_day(area: House) -> None:
    name(area, "cora.cpc", "lena.lpc", valid_from=area.today + timedelta(days=3))
    assert acts_for(area, "lena.lpc") == set()
    tick(area, 3)
    assert acts_for(area, "lena.lpc") == {"area-53"}


@pytest.mark.clause("PF-7/LPC.2")
def test_it_ends_when_the_cpc_returns_and_with_it_the_deputys_sessions(area: House) -> None:
    made = name(area, "cora.cpc", "lena.lpc")
    area.sign_in("lena.lpc", LEEDS)
    given = {"deputyship_id": made["id"], "reason": "Back from leave"}
    assert code_of(partial(run, area, "ann.ash", "deputies.end", **given)) == "R32"
    run(area, "cora.cpc", "deputies.end", **given)
    assert acts_for(area, "lena.lpc") == set()
    (session,) = area.rows(SignInSession)
    assert session.end_reason == "deputy_ended"


@pytest.mark.clause("PF-7/LPC.2", "PF-4.4.1")
def test_a_vacant_role_has_a_deputy_until_there_is_a_cpc_again(area: House) -> None:
    (held,) = [row for row in area.rows(TokenGrant) if row.unit == "area-53"]
    run(area, "hope.head", "tokens.end", grant_id=held.id, reason="Left the service", authority=None)
    area.clock.at += timedelta(minutes=1)
    name(area, "hope.head", "lena.lpc")
    (row,) = area.rows(Deputyship)
    assert row.ground == "vacant"
    area.clock.at += timedelta(minutes=1)
    area.add("nina.new", "area-53", vetting=NPPV3)
    grant(area, "hope.head", "nina.new", "cpc", "area-53")
    tick(area)
    assert acts_for(area, "lena.lpc") == set()


@pytest.mark.clause("PF-7/LPC.2", "PF-6.1.3")
def test_who_loses_central_support_deputises_no_longer(area: House) -> None:
    name(area, "cora.cpc", "lena.lpc")
    (held,) = [row for row in area.rows(TokenGrant) if row.token == "central_support"]
    run(area, "cora.cpc", "tokens.end", grant_id=held.id, reason="Moved team", authority=None)
    assert acts_for(area, "lena.lpc") == set()


@pytest.mark.clause("PF-4.4.2")
def test_another_area_covers_in_a_disruption_until_a_day(area: House) -> None:
    given: dict[str, Any] = {"unit": "area-53", "valid_from": None, "reason": "Flooded offices"}
    given["valid_to"] = area.today + timedelta(days=20)
    with pytest.raises(Invalid) as invalid:
        run(area, "cora.cpc", "deputies.cover", **given, username="nobody.there")
    assert "username" in invalid.value.errors
    area.add("paul.cpc", "group-LNDN", vetting=NPPV3, tokens=(("cpc", "group-LNDN"),))
    assert code_of(partial(run, area, "cora.cpc", "deputies.cover", **given, username="paul.cpc")) == "R41"
    run(area, "cora.cpc", "deputies.cover", **given, username="sam.south")
    assert acts_for(area, "sam.south") == {"area-53"}
    name(area, "cora.cpc", "lena.lpc")
    tick(area, 21)
    assert acts_for(area, "sam.south") == set()


@pytest.mark.clause("PF-7/LPC.2")
def test_of_two_who_name_a_deputy_at_one_moment_one_does(area: House) -> None:
    area.add("lou.lpc", "area-53", vetting=NPPV3, tokens=(("lpc", "area-53"), ("central_support", "area-53")))
    outcomes = at_once(
        partial(name, area, "cora.cpc", "lena.lpc"), partial(name, area, "hope.head", "lou.lpc")
    )
    assert outcomes == ["R34", "done"]


@pytest.mark.clause("PF-7/LPC.2")
def test_the_directory_tells_the_others_who_deputises(area: House) -> None:
    name(area, "cora.cpc", "lena.lpc")
    system = principal(area, "lena.lpc", scope="integration")
    declared = area.runtime.service.declarations.queries["directory.page"]
    page = area.runtime.ask(declared, system, {"after": 0, "limit": 500})
    (lena,) = [one for one in page["people"] if one["name"] == "Lena Lpc"]
    assert {"kind": "role", "name": "cpc_deputy", "unit": "area-53"} in lena["grants"]


@pytest.mark.clause("PF-7/LPC.2")
def test_the_cpc_names_a_deputy_on_pages(app: Flask, area: House) -> None:
    browser = Browser(app, area, "10.6.0.7")
    browser.sign_in("cora.cpc")
    page = "/identity/units/area-53/deputy/name"
    shown = browser.get(page).text
    assert "Lena Lpc" in shown
    assert "Ann Ash" not in shown
    last = area.today + timedelta(days=5)
    form = {
        "person_id": str(area.people["lena.lpc"]),
        "valid_to-day": str(last.day),
        "valid_to-month": str(last.month),
        "valid_to-year": str(last.year),
        "reason": "On annual leave",
    }
    done = browser.post(page, form)
    assert done.status_code == 303
    listed = browser.get(done.location).text
    assert "Lena Lpc" in listed
    assert "On annual leave" in listed
    assert browser.get("/identity/units/area-52/deputy/name").status_code == 403
    assert browser.get("/identity/units/pdu-N55LEE/deputy/name").status_code == 404
