"""National policy: read by everybody, changed by two people, and told to the other services."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from services.identity.policy.models import PolicyChange
from services.identity.service import service
from shared.refusals import Invalid, NotFound, Refusal
from tests.services.identity.acting import principal, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import House

NPPV3 = ("nppv3", -100, 300)
KEY = "deadline.D-10"
ADMIN = (("admin", "home-office"),)


@pytest.fixture
def nation(house: House) -> House:
    house.add("ida.admin", "home-office", vetting=NPPV3, tokens=ADMIN)
    house.add("ivan.admin", "home-office", vetting=NPPV3, tokens=ADMIN)
    house.add("arthur.sro", "home-office", vetting=NPPV3, roles=(("sro", "home-office"),))
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    return house


def propose(house: House, username: str = "ida.admin", **given: Any) -> Mapping[str, Any]:
    asked = {
        "key": KEY,
        "value": "7 working days",
        "in_force_from": house.today + timedelta(days=1),
        "in_force_to": None,
        "source": "National user group of February 2026, item 4",
    }
    return run(house, username, "policy.propose", **{**asked, **given})


def decide(house: House, username: str, what: str, change_id: str, **given: Any) -> Mapping[str, Any]:
    return run(house, username, f"policy.{what}", change_id=change_id, **given)


def ask(house: House, username: str, query: str, **given: Any) -> Any:
    return house.runtime.ask(service.declarations.queries[query], principal(house, username), given)


def code_of(house: House, username: str, command: str, **given: Any) -> str:
    with pytest.raises(Refusal) as refused:
        run(house, username, command, **given)
    return refused.value.code


def in_force(house: House, on: date) -> str:
    return house.runtime.policy().text(KEY, on)


@pytest.mark.clause("PI-REIA.4")
def test_two_people_change_a_value_from_a_day_on_and_everybody_is_told(nation: House) -> None:
    made = propose(nation)
    tomorrow = nation.today + timedelta(days=1)
    assert in_force(nation, tomorrow) == "5 working days", "nobody has confirmed it"
    decide(nation, "arthur.sro", "confirm", made["id"])
    assert in_force(nation, tomorrow) == "7 working days"
    assert in_force(nation, nation.today) == "5 working days"
    (event,) = nation.events("identity.policy.changed")
    assert event.data["value"] == "7 working days"
    assert event.data["in_force_from"] == tomorrow.isoformat()
    assert [copy["agency"] for copy in event.copies] == ["all"]


def test_whoever_may_confirm_is_told_and_so_is_the_proposer_of_the_end(nation: House) -> None:
    made = propose(nation)
    (event,) = nation.events("identity.policy.proposed")
    told = {duty["person_id"] for copy in event.copies for duty in copy["people"]}
    assert told == {str(nation.people[name]) for name in ("ivan.admin", "arthur.sro")}
    decide(nation, "ivan.admin", "reject", made["id"], decision="The user group decided otherwise.")
    (event,) = nation.events("identity.policy.decided")
    told = {duty["person_id"] for copy in event.copies for duty in copy["people"]}
    assert told == {str(nation.people["ida.admin"])}
    assert nation.events("identity.policy.changed") == []


@pytest.mark.clause("PI-REIA.4")
def test_no_area_changes_policy(nation: House) -> None:
    given = {"key": KEY, "value": "9 working days", "source": "Our area would like more time"}
    days = {"in_force_from": nation.today, "in_force_to": None}
    assert code_of(nation, "cora.cpc", "policy.propose", **given, **days) == "R32"
    made = propose(nation)
    for command in ("confirm", "withdraw"):
        assert code_of(nation, "cora.cpc", f"policy.{command}", change_id=made["id"]) == "R32"
    assert in_force(nation, nation.today + timedelta(days=1)) == "5 working days"


def test_nobody_decides_on_their_own_change_but_to_withdraw_it(nation: House) -> None:
    made = propose(nation)
    assert code_of(nation, "ida.admin", "policy.confirm", change_id=made["id"]) == "R23"
    reason = {"decision": "I have thought again."}
    assert code_of(nation, "ida.admin", "policy.reject", change_id=made["id"], **reason) == "R23"
    assert code_of(nation, "ivan.admin", "policy.withdraw", change_id=made["id"]) == "R32"
    decide(nation, "ida.admin", "withdraw", made["id"])
    assert code_of(nation, "ivan.admin", "policy.confirm", change_id=made["id"]) == "R34"
    (row,) = nation.rows(PolicyChange)
    assert (row.state, row.decided_by) == ("withdrawn", nation.people["ida.admin"])


def test_of_two_who_confirm_at_once_one_has_done_it(nation: House) -> None:
    made, gate = propose(nation), Barrier(2)

    def act(username: str) -> str:
        gate.wait()
        try:
            decide(nation, username, "confirm", made["id"])
        except Refusal as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, ["ivan.admin", "arthur.sro"])) == ["R34", "done"]
    assert len(nation.events("identity.policy.changed")) == 1


def test_of_two_changes_for_one_day_confirmed_at_once_one_stands(nation: House) -> None:
    made = [propose(nation)["id"], propose(nation, "ivan.admin", value="8 working days")["id"]]
    gate = Barrier(2)

    def act(change_id: str) -> str:
        gate.wait()
        try:
            decide(nation, "arthur.sro", "confirm", change_id)
        except Refusal as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, made)) == ["R34", "done"]
    assert len([row for row in nation.rows(PolicyChange) if row.state == "confirmed"]) == 1


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"value": "a week"}, {"value"}),
        ({"key": "lead_checks.sample_fewest", "value": "some"}, {"value"}),
        ({"key": "deletion.second_approver", "value": "perhaps"}, {"value"}),
        ({"key": "vetting.expiry.reminders", "value": "often"}, {"value"}),
        ({"value": "5 working days"}, {"value"}),
        ({"in_force_from": date(2026, 3, 1), "source": "because"}, {"in_force_from", "source"}),
        ({"in_force_to": date(2026, 3, 2)}, {"in_force_to"}),
    ],
)
def test_what_cannot_stand_is_said_field_by_field(
    nation: House, wrong: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(Invalid) as invalid:
        propose(nation, **wrong)
    assert set(invalid.value.errors) == fields
    assert nation.rows(PolicyChange) == []


def test_a_key_that_is_not_there(nation: House) -> None:
    with pytest.raises(NotFound):
        propose(nation, key="nobody.knows.this")
    with pytest.raises(NotFound):
        ask(nation, "cora.cpc", "policy.value", key="nobody.knows.this")


def test_a_change_whose_day_has_passed_is_not_confirmed_any_more(nation: House) -> None:
    made = propose(nation)
    nation.clock.at += timedelta(days=2)
    with pytest.raises(Invalid) as invalid:
        decide(nation, "arthur.sro", "confirm", made["id"])
    assert set(invalid.value.errors) == {"in_force_from"}


def values(house: House, **given: Any) -> list[Any]:
    asked = {"text": "", "group": "all", "show": "all", "page": 1}
    found: list[Any] = ask(house, "cora.cpc", "policy.values", **{**asked, **given})["values"]
    return found


def test_everybody_reads_every_value_with_its_source(nation: House) -> None:
    (one,) = values(nation, text="level 3 minutes", group="deadline")
    assert (one.key, one.words, one.source) == (KEY, "5 working days", "PF-4.20.3")
    propose(nation)
    (one,) = values(nation, show="waiting")
    assert (one.key, one.changed) == (KEY, False)
    decide(nation, "arthur.sro", "confirm", propose(nation, value="8 working days")["id"])
    (one,) = values(nation, show="changed")
    assert one.coming == [(nation.today + timedelta(days=1), "8 working days")]
    assert all(each.proposed for each in values(nation, show="proposed"))
    assert KEY not in {each.key for each in values(nation, show="off")}
    assert "deadline.D-30" in {each.key for each in values(nation, show="off")}


def test_the_pages(nation: House, app: Flask) -> None:
    ida, arthur = (Browser(app, nation, "10.5.0.7") for _ in range(2))
    ida.sign_in("ida.admin")
    assert "no area can change it" in ida.get("/identity/policy").text
    first = nation.today + timedelta(days=3)
    form = {
        "value": "7 working days",
        "in_force_from-day": str(first.day),
        "in_force_from-month": str(first.month),
        "in_force_from-year": str(first.year),
        "source": "National user group of February 2026, item 4",
    }
    path = f"/identity/policy/values/{KEY}/change"
    wrong = ida.post(path, {**form, "value": "soon", "source": "x"})
    assert wrong.status_code == 422
    assert "like &#39;5 working days&#39;" in wrong.text
    sent = ida.post(path, form)
    assert sent.status_code == 303, sent.text
    proposed = ida.get(sent.location).text
    assert "Withdraw" in proposed
    assert "Somebody else has to confirm it" in proposed
    arthur.sign_in("arthur.sro")
    waiting = arthur.get("/identity/policy/changes").text
    assert "Waiting" in waiting
    (row,) = nation.rows(PolicyChange)
    page = f"/identity/policy/changes/{row.id}"
    assert f"{page}/confirm" in arthur.get(page).text
    assert arthur.post(f"{page}/confirm", {}).status_code == 303
    shown = arthur.get(f"/identity/policy/values/{KEY}").text
    assert "7 working days" in shown
    assert "Ida Admin" in shown
    assert "are counted anew from it, and say so" in shown
