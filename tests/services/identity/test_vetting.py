"""Vetting: recorded, revoked, run out; and what goes with it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from services.identity.people.models import Person
from services.identity.sessions.models import SignInSession
from services.identity.tokens.models import TokenGrant
from services.identity.vetting.jobs import (
    expire_vetting,
    give_back_after_vetting,
    suspend_tokens_above_level,
)
from services.identity.vetting.models import VettingRecord
from shared.refusals import Refusal
from tests.services.identity.acting import run
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, House

NPPV3 = ("nppv3", -100, 300)


def record(house: House, by: str, person: str, kind: str = "nppv2", days: int = 300) -> None:
    given: dict[str, Any] = {
        "kind": kind,
        "reference": "V2",
        "vetting_force": "West Yorkshire Police",
        "sro_reference": None,
        "evidence": None,
        "cleared_on": house.today,
        "expires_on": house.today + timedelta(days=days),
    }
    run(house, by, "vetting.record", person_id=house.people[person], **given)


def revoke(house: House, by: str, person: str) -> None:
    (found,) = [
        row
        for row in house.rows(VettingRecord)
        if row.person_id == house.people[person] and row.revoked_at is None
    ]
    run(house, by, "vetting.revoke", vetting_id=found.id, reason="Withdrawn by the vetting unit")


def tick(house: House) -> int:
    with house.runtime.system_work("tick") as work:
        return expire_vetting(work) + suspend_tokens_above_level(work) + give_back_after_vetting(work)


def state(house: House, username: str) -> tuple[str, str | None]:
    (person,) = [row for row in house.rows(Person) if row.username == username]
    return person.state, person.disabled_reason


@pytest.fixture
def staffed(house: House) -> House:
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    boss = house.add("mary.manager", "pdu-N55LEE")
    house.add("ann.ash", "pdu-N55LEE", line_manager=boss, tokens=(("partner", "pdu-N55LEE"),))
    return house


@pytest.mark.clause("PF-4.16/A.1")
def test_revoked_vetting_closes_every_page_within_five_seconds(app: Flask, staffed: House) -> None:
    browser = Browser(app, staffed, "10.1.0.7")
    browser.sign_in("ann.ash")
    assert browser.get("/identity/my-access").status_code == 200
    revoke(staffed, "cora.cpc", "ann.ash")
    assert browser.signed_out_within_seconds()
    assert state(staffed, "ann.ash") == ("disabled", "vetting_revoked")
    (event,) = staffed.events("identity.session.revoked")
    assert (event.urgent, event.data["reason_code"]) == (True, "vetting_revoked")
    with pytest.raises(Refusal) as refused:
        staffed.sign_in("ann.ash", LEEDS)
    assert refused.value.code == "R01"


@pytest.mark.clause("PF-4.16/A.2")
@pytest.mark.parametrize(("days", "expires"), [(299, False), (300, True), (301, True)])
def test_the_account_is_disabled_on_the_day_that_vetting_expires(
    staffed: House, days: int, expires: bool
) -> None:
    staffed.sign_in("ann.ash", LEEDS)
    staffed.clock.at += timedelta(days=days)
    tick(staffed)
    assert state(staffed, "ann.ash") == (("disabled", "vetting_expired") if expires else ("active", None))
    (session,) = staffed.rows(SignInSession)
    assert (session.ended_at is not None) is expires


@pytest.mark.clause("PF-4.16/A.2")
def test_the_person_their_manager_and_the_cpc_are_told_once(house: House) -> None:
    cpc = house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    boss = house.add("mary.manager", "pdu-N55LEE")
    ann = house.add("ann.ash", "pdu-N55LEE", vetting=("nppv2", -50, 1), line_manager=boss)
    house.clock.at += timedelta(days=1)
    with ThreadPoolExecutor(2) as ticks:
        assert sorted(ticks.map(lambda _number: tick(house), range(2))) == [0, 1]
    assert tick(house) == 0
    (event,) = house.events("identity.vetting.expired")
    told = {(one["person_id"], one["as"]) for copy in event.copies for one in copy["people"]}
    assert told == {(str(ann), "person"), (str(boss), "line_manager"), (str(cpc), "cpc")}
    assert event.data["person_id"] == str(ann)
    assert event.data["expired_on"] == "2026-03-03"


@pytest.mark.clause("PF-4.16/A.2")
def test_renewal_opens_the_account_again_with_its_tokens(staffed: House) -> None:
    staffed.clock.at += timedelta(days=300)
    tick(staffed)
    assert state(staffed, "ann.ash")[0] == "disabled"
    with staffed.runtime.system_work("test.vet") as work:
        staffed.vet(work.session, staffed.people["cora.cpc"], "nppv3", 0, 300)
    tick(staffed)
    record(staffed, "cora.cpc", "ann.ash")
    assert state(staffed, "ann.ash") == ("active", None)
    assert staffed.sign_in("ann.ash", LEEDS).scope == "full"
    held = [row for row in staffed.rows(TokenGrant) if row.token == "partner"]
    assert [(row.ended_at, row.suspended_at) for row in held] == [(None, None)]


@pytest.mark.clause("PF-6.1.3")
def test_whoever_loses_level_3_loses_the_cpc_token_until_it_is_renewed(house: House) -> None:
    house.add("ida.admin", "home-office", vetting=("nppv3", 0, 900), tokens=(("admin", "home-office"),))
    house.add(
        "cora.cpc", "area-53", vetting=("nppv3", -100, 5), tokens=(("cpc", "area-53"), ("partner", "area-53"))
    )
    with house.runtime.system_work("test.vet") as work:
        house.vet(work.session, house.people["cora.cpc"], "nppv2", -100, 300)
    house.clock.at += timedelta(days=5)
    assert tick(house) == 1

    def suspended() -> dict[str, bool]:
        cora = house.people["cora.cpc"]
        return {
            row.token: row.suspended_at is not None for row in house.rows(TokenGrant) if row.person_id == cora
        }

    assert suspended() == {"cpc": True, "partner": False}
    assert state(house, "cora.cpc") == ("active", None)
    record(house, "ida.admin", "cora.cpc", "nppv3")
    assert suspended() == {"cpc": False, "partner": False}


@pytest.mark.clause("PF-4.16a.1")
def test_nobody_records_their_own_vetting_nor_that_of_another_area(staffed: House) -> None:
    staffed.add("bob.birch", "area-52")
    for person, code in (("cora.cpc", "R23"), ("bob.birch", "R24")):
        with pytest.raises(Refusal) as refused:
            record(staffed, "cora.cpc", person, "nppv3")
        assert refused.value.code == code
    with pytest.raises(Refusal) as refused:
        revoke(staffed, "ann.ash", "mary.manager")
    assert refused.value.code == "R24"
