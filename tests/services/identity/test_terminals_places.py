"""Buildings, their networks and leave to use Wi-Fi: what a sign-in makes of each, and who keeps them up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from services.identity.sessions.models import SignInSession
from services.identity.terminals.jobs import end_wifi_grants
from services.identity.terminals.locating import Origin
from services.identity.terminals.models import NetworkRange, WifiGrant
from shared.refusals import Invalid, NotFound, Refusal, Stale
from tests.services.identity.acting import run
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, LEEDS_WIFI, NOWHERE, House

NPPV3 = ("nppv3", -100, 300)
OLD_CRC = {"unit": "pdu-N55LEE", "name": "Waterloo House (former CRC)", "address": "1 Example Street, Leeds"}


@pytest.fixture
def area(house: House) -> House:
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("paul.cpc", "group-LNDN", vetting=NPPV3, tokens=(("cpc", "group-LNDN"),))
    house.add("ida.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    house.add("sara.sro", "home-office", roles=(("sro", "home-office"),))
    house.add("ann.ash", "pdu-N55LEE")
    return house


def code_of(house: House, username: str, command: str, **given: Any) -> str:
    with pytest.raises(Refusal) as refused:
        run(house, username, command, **given)
    return refused.value.code


def building(house: House, by: str = "cora.cpc", **more: str) -> UUID:
    return UUID(run(house, by, "buildings.register", **OLD_CRC | more)["id"])


def network(house: House, there: UUID, addresses: str, kind: str = "lan", by: str = "cora.cpc") -> UUID:
    given = {"building_id": there, "addresses": addresses, "kind": kind}
    return UUID(run(house, by, "networks.add", **given)["id"])


@pytest.mark.clause("PS-11", "PF-6.6.3")
def test_a_former_crc_site_is_a_building_like_any_other(area: House) -> None:
    with pytest.raises(Refusal) as refused:
        area.sign_in("ann.ash", Origin("10.7.0.7"))
    assert refused.value.code == "R10"
    network(area, building(area), "10.7.0.0/24")
    with pytest.raises(Refusal):
        area.sign_in("ann.ash", Origin("10.7.0.7"), secure_office=False)
    assert area.sign_in("ann.ash", Origin("10.7.0.7")).scope == "full"


@pytest.mark.clause("PF-4.29.2")
def test_from_home_nobody_signs_in_and_the_cpc_is_told(area: House) -> None:
    with pytest.raises(Refusal) as refused:
        area.sign_in("ann.ash", NOWHERE)
    assert refused.value.code == "R10"
    (event,) = area.events("identity.session.refused")
    (duty,) = event.copies[0]["people"]
    assert duty["person_id"] == str(area.people["cora.cpc"])


@pytest.mark.clause("PF-6.6.3")
def test_the_cpc_keeps_up_the_own_area_and_an_administrator_all(area: House) -> None:
    assert code_of(area, "paul.cpc", "buildings.register", **OLD_CRC) == "R24"
    assert code_of(area, "ann.ash", "buildings.register", **OLD_CRC) == "R24"
    there = building(area)
    assert (
        code_of(area, "paul.cpc", "networks.add", building_id=there, addresses="10.7.0.0/24", kind="lan")
        == "R24"
    )
    network(area, building(area, by="ida.admin", name="Another house"), "10.8.0.0/24", by="ida.admin")
    assert code_of(area, "cora.cpc", "buildings.register", **OLD_CRC) == "R34"


@pytest.mark.parametrize(
    "wrong", ["10.7.0.1/24", "10.7.0/24", "0.0.0.0/0", "nonsense", "10.0.0.0/4", "224.0.0.0/24"]
)
def test_what_is_no_network_is_told_on_the_form(app: Flask, area: House, wrong: str) -> None:
    there = building(area)
    browser = Browser(app, area, "10.6.0.7")
    browser.sign_in("cora.cpc")
    page = f"/identity/buildings/{there}/networks/add"
    answer = browser.post(page, {"addresses": wrong, "kind": "lan"})
    assert (answer.status_code, "There is a problem" in answer.text) == (422, True)
    assert [row for row in area.rows(NetworkRange) if row.building_id == there] == []


def test_networks_of_two_buildings_never_overlap_and_one_buildings_may_nest(area: House) -> None:
    one, two = building(area), building(area, name="Second house")
    network(area, one, "10.7.0.0/16")
    network(area, one, "10.7.9.0/24", "wifi")
    for wrong in ("10.7.1.0/24", "10.0.0.0/8"):
        with pytest.raises(Invalid) as invalid:
            network(area, two, wrong)
        assert "addresses" in invalid.value.errors
    with pytest.raises(Invalid):
        network(area, one, "10.7.9.0/24")
    network(area, two, "2001:db8::/48")


def test_of_two_who_add_overlapping_networks_at_the_same_moment_one_does(area: House) -> None:
    houses = [building(area), building(area, name="Second house")]
    gate = Barrier(2)

    def attempt(number: int) -> str:
        gate.wait()
        try:
            network(
                area, houses[number], f"10.7.{number * 128}.0/{17 - number}" if number == 0 else "10.7.0.0/16"
            )
        except Invalid:
            return "refused"
        return "added"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(attempt, range(2))) == ["added", "refused"]


def test_a_closed_network_ends_its_sessions_and_lets_nobody_in(area: House) -> None:
    there = building(area)
    made = network(area, there, "10.7.0.0/24")
    area.sign_in("ann.ash", Origin("10.7.0.7"))
    run(area, "cora.cpc", "networks.close", network_id=made)
    (session,) = area.rows(SignInSession)
    assert session.end_reason == "network_closed"
    with pytest.raises(Refusal):
        area.sign_in("ann.ash", Origin("10.7.0.7"))
    with pytest.raises(NotFound):
        run(area, "cora.cpc", "networks.close", network_id=made)
    network(area, there, "10.7.0.0/24")
    area.sign_in("ann.ash", Origin("10.7.0.7"))
    run(area, "cora.cpc", "buildings.close", building_id=there)
    assert {row.end_reason for row in area.rows(SignInSession)} == {"network_closed"}
    assert code_of(area, "cora.cpc", "buildings.close", building_id=there) == "R34"


def test_an_edit_of_a_building_that_came_too_late_loses_nothing(area: House) -> None:
    there = building(area)
    network(area, there, "10.7.0.0/24")
    new = {"building_id": there, "name": "Waterloo House", "address": OLD_CRC["address"], "version": 1}
    run(area, "cora.cpc", "buildings.change", **new)
    (row,) = [row for row in area.rows(NetworkRange) if row.building_id == there]
    assert row.building == "Waterloo House"
    with pytest.raises(Stale):
        run(area, "cora.cpc", "buildings.change", **new)


def test_the_pages_of_buildings(app: Flask, area: House) -> None:
    browser = Browser(app, area, "10.6.0.7")
    browser.sign_in("cora.cpc")
    made = browser.post("/identity/buildings/register", OLD_CRC)
    assert made.status_code == 303
    page = made.location.partition("?")[0]
    assert (
        browser.post(f"{page}/networks/add", {"addresses": "10.7.0.0/24", "kind": "lan"}).status_code == 303
    )
    assert "10.7.0.0/24" in browser.get(page).text
    assert browser.get(f"{page}/change").status_code == 200
    assert browser.get(f"{page}/close").status_code == 200
    listed = browser.get("/identity/buildings?unit=area-53&name=waterloo").text
    assert ("Waterloo" in listed, "10.7.0.0/24" in listed) == (True, True)
    assert "No building fits" in browser.get("/identity/buildings?unit=group-LNDN").text
    plain = Browser(app, area, "10.1.0.7")
    plain.sign_in("ann.ash")
    assert "Add a network" not in plain.get(page).text


def grant(house: House, by: str = "sara.sro", first: int = 0, last: int = 7, unit: str = "area-53") -> UUID:
    days = {"valid_from": house.today + timedelta(days=first), "valid_to": house.today + timedelta(days=last)}
    given = {"unit": unit, "provision": "Always-on VPN, tested on 1 March", **days}
    return UUID(run(house, by, "wifi.grant", **given)["id"])


@pytest.mark.clause("PF-6.6.1", "PF-6.6.2")
def test_wifi_is_refused_unless_the_sro_has_granted_it_for_the_day(area: House) -> None:
    def opens() -> bool:
        try:
            area.sign_in("ann.ash", LEEDS_WIFI)
        except Refusal as refused:
            if refused.code != "R10":
                raise
            return False
        return True

    assert not opens()
    grant(area, first=1, last=2)
    assert not opens()
    area.clock.at += timedelta(days=1)
    assert opens()
    grant(area, unit="group-LNDN", last=90)
    area.clock.at += timedelta(days=2)
    assert not opens()


@pytest.mark.clause("PF-6.6.2")
@pytest.mark.parametrize("who", ["cora.cpc", "ida.admin", "ann.ash"])
def test_nobody_but_the_sro_grants_wifi(area: House, who: str) -> None:
    with pytest.raises(Refusal) as refused:
        grant(area, by=who)
    assert refused.value.code == "R32"
    assert area.rows(WifiGrant) == []
    made = grant(area)
    assert code_of(area, who, "wifi.end", grant_id=made, reason="Not mine") == "R32"


@pytest.mark.clause("PF-6.6.2", "PF-6.6.1")
def test_sessions_that_a_leave_allowed_end_with_it(area: House) -> None:
    made = grant(area)
    area.sign_in("ann.ash", LEEDS_WIFI)
    area.sign_in("cora.cpc", LEEDS)
    run(area, "sara.sro", "wifi.end", grant_id=made, reason="The VPN was found wanting")
    ended = {row.person_id: row.end_reason for row in area.rows(SignInSession)}
    assert ended == {area.people["ann.ash"]: "wifi_leave_ended", area.people["cora.cpc"]: None}


@pytest.mark.clause("PF-6.6.2")
def test_a_leave_ends_after_its_last_day_with_its_sessions(area: House) -> None:
    grant(area, last=0)
    area.sign_in("ann.ash", LEEDS_WIFI)
    area.clock.at += timedelta(days=1)
    for _ in range(2):
        with area.runtime.system_work("tick") as work:
            end_wifi_grants(work)
    (session,) = area.rows(SignInSession)
    assert session.end_reason == "wifi_leave_ended"
    assert len(area.events("identity.wifi.ended")) == 1


def test_a_leave_must_have_days_to_come(area: House) -> None:
    for first, last in ((2, 1), (-5, -1)):
        with pytest.raises(Invalid) as invalid:
            grant(area, first=first, last=last)
        assert "valid_to" in invalid.value.errors


@pytest.mark.clause("PF-6.6.2")
def test_the_pages_of_wifi(app: Flask, area: House) -> None:
    browser = Browser(app, area, "10.5.0.7")
    browser.sign_in("sara.sro")
    day = area.today
    form: dict[str, Any] = {"unit": "area-53", "provision": "Always-on VPN, tested on 1 March"}
    for name in ("valid_from", "valid_to"):
        form |= {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}
    assert browser.post("/identity/wifi-grants/new", form).status_code == 303
    (made,) = area.rows(WifiGrant)
    assert "Always-on VPN" in browser.get("/identity/wifi-grants").text
    ended = browser.post(f"/identity/wifi-grants/{made.id}/end", {"reason": "No longer needed"})
    assert ended.status_code == 303
    plain = Browser(app, area, "10.1.0.7")
    plain.sign_in("ann.ash")
    assert "Grant leave" not in plain.get("/identity/wifi-grants").text
    assert "Refusal R32" in plain.get("/identity/wifi-grants/new").text
