"""Accounts that nobody used for 90 days: listed, told of, and decided by the CPC."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from services.identity.accounts.models import Dormancy
from services.identity.accounts.unused import notice_unused
from services.identity.people.models import Person
from shared.refusals import Invalid, NotFound, Refusal
from tests.services.identity.acting import ask, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, House
from tests.services.identity.newcomers import refusal, staff, state, told


def tick(house: House) -> int:
    with house.runtime.system_work("tick") as work:
        return notice_unused(work)


def listed(house: House, person: str, *, waiting: bool = True) -> list[Dormancy]:
    rows = [row for row in house.rows(Dormancy) if row.person_id == house.people[person]]
    return [row for row in rows if (row.decided_at is None) is waiting]


def decide(house: House, by: str, row: Dormancy, decision: str, **more: Any) -> None:
    given = {"reason": "Back from leave soon", "keep_until": None, "lead_consulted": False, **more}
    run(house, by, "accounts.decide_dormant", dormancy_id=row.id, decision=decision, **given)


@pytest.fixture
def staffed(house: House) -> House:
    """Ninety days after Ann and Pip last signed in; the others signed in today."""
    staff(house)
    house.add("ann.ash", "pdu-N55LEE")
    house.add("pip.pom", "prison-WSI")
    house.clock.at += timedelta(days=89)
    with house.runtime.system_work("test.used") as work:
        for person_id in house.people.values():
            person = work.session.get_one(Person, person_id)
            if person.username not in {"ann.ash", "pip.pom"}:
                person.last_signed_in_on = house.today
    return house


@pytest.mark.clause("PF-5.10.7.2")
def test_an_account_is_noticed_once_however_many_tick(staffed: House) -> None:
    with ThreadPoolExecutor(2) as ticks:
        found = sorted(ticks.map(lambda _number: tick(staffed), range(2)))
    assert sum(found) == 2
    assert tick(staffed) == 0
    (ann,) = listed(staffed, "ann.ash")
    assert (ann.unused_since, ann.noticed_on) == (staffed.today - timedelta(days=89), staffed.today)


def noticed(house: House) -> list[set[tuple[str, str]]]:
    """Who was told of each account that nobody used."""
    names = {str(person_id): name for name, person_id in house.people.items()}
    facts = house.events("identity.account.unused")
    return [
        {(names[one["person_id"]], one["as"]) for copy in fact.copies for one in copy["people"]}
        for fact in facts
    ]


@pytest.mark.clause("PF-5.10.7.2")
def test_half_way_there_its_holder_and_their_lead_are_told_and_nothing_is_listed_yet(staffed: House) -> None:
    staffed.clock.at -= timedelta(days=44)
    tick(staffed)
    assert noticed(staffed) == [
        {("ann.ash", "person")},
        {("pip.pom", "person"), ("lena.lead", "visor_lead")},
    ]
    (event, _) = staffed.events("identity.account.unused")
    assert event.data["unused_since"] == str(staffed.today - timedelta(days=45))
    (row,) = listed(staffed, "ann.ash")
    assert ask(staffed, "cora.cpc", "accounts.dormant", page=1)["dormant"] == []
    with pytest.raises(NotFound):
        decide(staffed, "cora.cpc", row, "disable")
    staffed.clock.at += timedelta(days=45)
    names = [one["person"].name for one in ask(staffed, "cora.cpc", "accounts.dormant", page=1)["dormant"]]
    assert names == ["Ann Ash"]


@pytest.mark.clause("PF-5.10.7.2")
def test_an_account_disabled_for_another_reason_needs_no_decision(staffed: House) -> None:
    tick(staffed)
    run(
        staffed,
        "cora.cpc",
        "accounts.disable",
        person_id=staffed.people["ann.ash"],
        reason_code="suspended",
        note="",
    )
    (decided,) = staffed.events("identity.account.dormancy_decided")
    assert decided.data["decision"] == "closed"
    assert listed(staffed, "ann.ash") == []


@pytest.mark.clause("PF-5.10.7.2")
def test_whoever_signs_in_again_is_taken_off_the_list(staffed: House) -> None:
    staffed.clock.at += timedelta(days=1)
    tick(staffed)
    staffed.sign_in("ann.ash", LEEDS)
    assert listed(staffed, "ann.ash") == []
    assert [row.decision for row in listed(staffed, "ann.ash", waiting=False)] == ["used"]
    assert len(staffed.events("identity.account.dormancy_decided")) == 1
    assert tick(staffed) == 0


@pytest.mark.clause("PF-5.10.7.2")
def test_the_cpc_keeps_an_account_until_a_day_and_then_it_is_listed_again(staffed: House) -> None:
    staffed.clock.at += timedelta(days=1)
    tick(staffed)
    (row,) = listed(staffed, "ann.ash")
    for by, code in (("nora.nominee", "R24"), ("ida.admin", "R24"), ("pam.prison", "R24")):
        with pytest.raises(Refusal) as refused:
            decide(staffed, by, row, "disable")
        assert refused.value.code == code
    with pytest.raises(Invalid) as invalid:
        decide(staffed, "cora.cpc", row, "keep")
    assert list(invalid.value.errors) == ["keep_until"]
    decide(staffed, "cora.cpc", row, "keep", keep_until=staffed.today + timedelta(days=10))
    assert tick(staffed) == 0
    with pytest.raises(Refusal) as refused:
        decide(staffed, "cora.cpc", row, "disable")
    assert refused.value.code == "R34"
    staffed.clock.at += timedelta(days=10)
    tick(staffed)
    assert len(listed(staffed, "ann.ash")) == 1


@pytest.mark.clause("PF-5.10.7.2")
def test_a_cpc_does_not_decide_about_their_own_account(staffed: House) -> None:
    """Listed while they were away, and back before anybody decided."""
    with staffed.runtime.system_work("test.unused") as work:
        work.session.get_one(Person, staffed.people["cora.cpc"]).last_signed_in_on = None
    staffed.clock.at += timedelta(days=1)
    tick(staffed)
    (row,) = listed(staffed, "cora.cpc")
    with pytest.raises(Refusal) as refused:
        decide(staffed, "cora.cpc", row, "keep", keep_until=staffed.today + timedelta(days=10))
    assert refused.value.code == "R23"
    assert len(listed(staffed, "cora.cpc")) == 1


@pytest.mark.clause("PF-5.10.7.2", "PF-5.10.7.1")
def test_a_prisons_cpc_disables_after_the_lead_was_consulted(app: Flask, staffed: House) -> None:
    staffed.clock.at += timedelta(days=1)
    tick(staffed)
    (row,) = listed(staffed, "pip.pom")
    with pytest.raises(Invalid) as invalid:
        decide(staffed, "pam.prison", row, "disable")
    assert list(invalid.value.errors) == ["lead_consulted"]
    decide(staffed, "pam.prison", row, "disable", lead_consulted=True)
    assert state(staffed, staffed.people["pip.pom"]) == "disabled"
    assert ("lena.lead", "visor_lead") in told(staffed, "identity.account.disabled")
    again: dict[str, Any] = {"decision": "disable", "reason": "Nobody knows them", "keep_until": None}
    missing = UUID(int=1)
    with pytest.raises(NotFound):
        run(
            staffed,
            "pam.prison",
            "accounts.decide_dormant",
            dormancy_id=missing,
            lead_consulted=True,
            **again,
        )


@pytest.mark.clause("PF-5.10.7.2")
def test_of_two_who_decide_one_account_at_one_moment_one_does(staffed: House) -> None:
    staffed.clock.at += timedelta(days=1)
    tick(staffed)
    (ann,) = listed(staffed, "ann.ash")
    gate = Barrier(2)

    def decides(decision: str) -> str:
        more = {"keep_until": staffed.today + timedelta(days=20)} if decision == "keep" else {}
        gate.wait()
        try:
            decide(staffed, "cora.cpc", ann, decision, **more)
        except Refusal as refused:
            return refused.code
        return "decided"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(decides, ("keep", "disable"))) == ["R34", "decided"]


def test_the_list_and_the_decision_on_pages(app: Flask, staffed: House) -> None:
    staffed.clock.at += timedelta(days=1)
    tick(staffed)
    (row,) = listed(staffed, "ann.ash")
    browser = Browser(app, staffed, "10.6.0.7")
    browser.sign_in("cora.cpc")
    page = browser.get("/identity/dormant-accounts").text
    assert "Ann Ash" in page
    assert "Pip Pom" not in page
    path = f"/identity/dormant-accounts/{row.id}/decision"
    assert "Ann Ash" in browser.get(path).text
    assert browser.post(path, {"decision": "keep", "reason": "Back from leave soon"}).status_code == 422
    assert browser.post(path, {"decision": "disable", "reason": "Nobody knows them"}).status_code == 303
    assert "No account is waiting" in browser.get("/identity/dormant-accounts").text
    other = Browser(app, staffed, "10.1.0.7")
    other.sign_in("nora.nominee")
    assert "Refusal R24" in other.get("/identity/dormant-accounts").text
    assert (
        refusal(
            staffed,
            "nora.nominee",
            "accounts.decide_dormant",
            dormancy_id=row.id,
            decision="keep",
            reason="Mine",
            keep_until=None,
            lead_consulted=False,
        ).code
        == "R24"
    )
