"""Exceptions to vetting by the SRO alone, and kinds of vetting that two administrators change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from services.identity.people.models import Person
from services.identity.tokens.models import TokenGrant
from services.identity.vetting.jobs import (
    expire_vetting,
    give_back_after_vetting,
    suspend_tokens_above_level,
)
from services.identity.vetting.models import VettingCheck, VettingException, VettingType
from services.identity.vetting.sweeping import sweep_vetting
from shared.refusals import Invalid, Refusal
from tests.services.identity.acting import ask, refused_without_recent_sign_in, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, House

NPPV3 = ("nppv3", -100, 900)
KIND: dict[str, Any] = {
    "code": "nppv2",
    "name": "NPPV level 2",
    "level": 2,
    "scheme": "nppv2023",
    "accepted_from": date(2023, 1, 16),
    "accepted_to": None,
    "authority": "Home Office circular 1/2026",
    "needs_sro": False,
    "reason": "The circular says so now",
}


@pytest.fixture
def staffed(house: House) -> House:
    house.add("sue.sro", "home-office", vetting=NPPV3, roles=(("sro", "home-office"),))
    house.add("ida.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    house.add("abe.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("ann.ash", "pdu-N55LEE", vetting=None, tokens=(("partner", "pdu-N55LEE"),))
    return house


def tick(house: House, days: int = 0) -> int:
    house.clock.at += timedelta(days=days)
    with house.runtime.system_work("tick") as work:
        return expire_vetting(work) + suspend_tokens_above_level(work) + give_back_after_vetting(work)


def state(house: House, username: str) -> str:
    (person,) = [row for row in house.rows(Person) if row.username == username]
    return str(person.state)


def suspended(house: House, username: str) -> dict[str, bool]:
    mine = [row for row in house.rows(TokenGrant) if row.person_id == house.people[username]]
    return {row.token: row.suspended_at is not None for row in mine}


def except_(house: House, by: str, person: str, first: int, last: int, level: int = 2) -> None:
    given = {
        "level": level,
        "first_day": house.today + timedelta(days=first),
        "last_day": house.today + timedelta(days=last),
        "reason": "Cover for a colleague until vetting is back",
    }
    run(house, by, "vetting.except", person_id=house.people[person], **given)


def codes_of(house: House, person: str) -> str:
    with pytest.raises(Refusal) as refused:
        house.sign_in(person, LEEDS)
    return refused.value.code


@pytest.mark.clause("PF-4.16/A.3")
@pytest.mark.parametrize(
    ("by", "person", "code"),
    [
        ("cora.cpc", "ann.ash", "R32"),
        ("ida.admin", "ann.ash", "R32"),
        ("ann.ash", "ann.ash", "R32"),
        ("sue.sro", "sue.sro", "R23"),
    ],
)
def test_the_sro_alone_approves_and_not_for_herself(staffed: House, by: str, person: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        except_(staffed, by, person, 0, 10)
    assert refused.value.code == code
    assert staffed.rows(VettingException) == []
    (entry,) = staffed.audited(action="vetting.except")
    assert (entry.outcome, entry.refusal_code) == ("refused", code)


@pytest.mark.clause("PF-4.16/A.3")
def test_an_exception_counts_at_sign_in_and_ends_by_itself(staffed: House) -> None:
    assert codes_of(staffed, "ann.ash") == "R01"
    except_(staffed, "sue.sro", "ann.ash", 0, 9)
    assert staffed.sign_in("ann.ash", LEEDS).scope == "full"
    assert tick(staffed, 9) == 0
    assert staffed.sign_in("ann.ash", LEEDS).scope == "full"
    assert tick(staffed, 1) == 1
    assert state(staffed, "ann.ash") == "disabled"
    assert suspended(staffed, "ann.ash") == {"partner": True}
    assert codes_of(staffed, "ann.ash") == "R02"
    (event,) = staffed.events("identity.vetting.excepted")
    assert event.data["last_day"] == "2026-03-11"


@pytest.mark.clause("PF-4.16/A.3")
def test_an_exception_that_begins_later_opens_what_expired_on_its_first_day(staffed: House) -> None:
    staffed.add("bob.birch", "pdu-N55LEE", vetting=("nppv2", -50, 1), tokens=(("partner", "pdu-N55LEE"),))
    except_(staffed, "sue.sro", "bob.birch", 3, 5)
    assert tick(staffed, 1) == 1
    assert state(staffed, "bob.birch") == "disabled"
    assert tick(staffed, 1) == 0
    assert tick(staffed, 1) == 1
    assert (state(staffed, "bob.birch"), suspended(staffed, "bob.birch")) == ("active", {"partner": False})


@pytest.mark.clause("PF-4.16/A.3")
def test_the_sro_ends_an_exception_early_and_the_cpc_sees_those_of_the_own_area(staffed: House) -> None:
    except_(staffed, "sue.sro", "ann.ash", 0, 89)
    staffed.sign_in("ann.ash", LEEDS)
    (shown,) = ask(staffed, "cora.cpc", "vetting.exceptions")["exceptions"]
    assert (shown["person"].name, shown["approver"].name, shown["state"]) == ("Ann Ash", "Sue Sro", "counts")
    with pytest.raises(Refusal):
        ask(staffed, "ann.ash", "vetting.exceptions")
    with pytest.raises(Refusal) as refused:
        run(staffed, "cora.cpc", "vetting.end_exception", exception_id=shown["id"])
    assert refused.value.code == "R32"
    run(staffed, "sue.sro", "vetting.end_exception", exception_id=shown["id"])
    assert state(staffed, "ann.ash") == "disabled"
    assert ask(staffed, "sue.sro", "vetting.exceptions")["exceptions"][0]["state"] == "ended"


@pytest.mark.clause("PF-4.16/A.3")
def test_ninety_days_is_the_longest(staffed: House) -> None:
    with pytest.raises(Invalid) as invalid:
        except_(staffed, "sue.sro", "ann.ash", 0, 90)
    assert invalid.value.errors == {"last_day": ["An exception lasts 90 days at most."]}
    assert staffed.rows(VettingException) == []


@pytest.mark.clause("PF-4.3.2")
def test_one_administrator_proposes_and_another_confirms(staffed: House) -> None:
    made = run(
        staffed,
        "ida.admin",
        "vetting.propose_type",
        **{**KIND, "code": "ctc", "name": "CTC", "needs_sro": True},
    )
    assert "ctc" not in {row.code for row in staffed.rows(VettingType)}
    with pytest.raises(Refusal) as refused:
        run(staffed, "ida.admin", "vetting.confirm_type", change_id=UUID(made["id"]))
    assert refused.value.code == "R23"
    (event,) = staffed.events("identity.vetting_type.proposed")
    assert [one["person_id"] for copy in event.copies for one in copy["people"]] == [
        str(staffed.people["abe.admin"])
    ]
    run(staffed, "abe.admin", "vetting.confirm_type", change_id=UUID(made["id"]))
    (added,) = [row for row in staffed.rows(VettingType) if row.code == "ctc"]
    assert (added.level, added.needs_sro, added.accepted_from) == (2, True, date(2023, 1, 16))


@pytest.mark.clause("PF-4.3.2")
@pytest.mark.parametrize("by", ["cora.cpc", "sue.sro", "ann.ash"])
def test_nobody_else_edits_the_kinds_of_vetting(staffed: House, by: str) -> None:
    made = run(staffed, "ida.admin", "vetting.propose_type", **KIND)
    for command, given in (
        ("vetting.propose_type", {**KIND, "code": "ctc"}),
        ("vetting.confirm_type", {"change_id": UUID(made["id"])}),
        ("vetting.reject_type", {"change_id": UUID(made["id"])}),
    ):
        with pytest.raises(Refusal) as refused:
            run(staffed, by, command, **given)
        assert refused.value.code == "R11"


@pytest.mark.clause("PF-4.3.2")
def test_who_holds_a_kind_that_is_withdrawn_is_disabled_and_comes_back_with_it(staffed: House) -> None:
    staffed.add("bob.birch", "pdu-N55LEE", tokens=(("partner", "pdu-N55LEE"),))

    def change(**changes: Any) -> None:
        made = run(staffed, "ida.admin", "vetting.propose_type", **{**KIND, **changes})
        run(staffed, "abe.admin", "vetting.confirm_type", change_id=UUID(made["id"]))

    change(accepted_to=staffed.today)
    assert tick(staffed) == 0
    assert tick(staffed, 1) == 1
    assert state(staffed, "bob.birch") == "disabled"
    assert codes_of(staffed, "bob.birch") == "R03"
    change()
    assert tick(staffed) == 1
    assert (state(staffed, "bob.birch"), suspended(staffed, "bob.birch")) == ("active", {"partner": False})


@pytest.mark.clause("PF-4.3.2")
def test_of_two_who_decide_at_one_moment_one_does(staffed: House) -> None:
    staffed.add("eve.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    made = run(staffed, "ida.admin", "vetting.propose_type", **KIND)
    gate = Barrier(2)

    def decide(one: tuple[str, str]) -> str:
        gate.wait()
        try:
            run(staffed, one[0], one[1], change_id=UUID(made["id"]))
        except Refusal as refused:
            return refused.code
        return "decided"

    with ThreadPoolExecutor(2) as threads:
        attempts = [("abe.admin", "vetting.confirm_type"), ("eve.admin", "vetting.reject_type")]
        assert sorted(threads.map(decide, attempts)) == ["R34", "decided"]


@pytest.mark.clause("PF-4.3.2")
def test_one_proposal_at_a_time_and_its_days_in_order(staffed: House) -> None:
    with pytest.raises(Invalid) as invalid:
        run(staffed, "ida.admin", "vetting.propose_type", **{**KIND, "accepted_to": date(2020, 1, 1)})
    assert set(invalid.value.errors) == {"accepted_to"}
    first = run(staffed, "ida.admin", "vetting.propose_type", **KIND)
    with pytest.raises(Refusal) as refused:
        run(staffed, "abe.admin", "vetting.propose_type", **KIND)
    assert refused.value.code == "R34"
    run(staffed, "ida.admin", "vetting.reject_type", change_id=UUID(first["id"]))
    run(staffed, "abe.admin", "vetting.propose_type", **KIND)


def test_everybody_is_looked_at_when_a_day_begins_and_once_a_minute(staffed: House) -> None:
    def sweep(**later: float) -> int:
        staffed.clock.at += timedelta(**later)
        with staffed.runtime.system_work("tick") as work:
            return sweep_vetting(work)

    assert sweep() == 0
    assert [row.day for row in staffed.rows(VettingCheck)] == [staffed.today]
    staffed.add("bob.birch", "pdu-N55LEE", vetting=("nppv2", -50, 0))
    assert sweep(seconds=59) == 0
    assert state(staffed, "bob.birch") == "active"
    assert sweep(seconds=1) == 1
    assert state(staffed, "bob.birch") == "disabled"
    staffed.add("eve.elm", "pdu-N55LEE", vetting=("nppv2", -50, 1))
    assert [sweep(), sweep()] == [1, 0]
    staffed.clock.at = staffed.clock.at.replace(hour=23, minute=59, second=59)
    sweep()
    assert sweep(seconds=1) == 1
    assert state(staffed, "eve.elm") == "disabled"


def test_what_is_sensitive_asks_for_a_recent_sign_in(staffed: House) -> None:
    for by, command in (
        ("cora.cpc", "vetting.record"),
        ("cora.cpc", "vetting.revoke"),
        ("sue.sro", "vetting.except"),
        ("sue.sro", "vetting.end_exception"),
        ("ida.admin", "vetting.propose_type"),
        ("ida.admin", "vetting.confirm_type"),
    ):
        assert refused_without_recent_sign_in(staffed, by, command)


def test_the_pages(app: Flask, staffed: House) -> None:
    """Record, look, except, propose and confirm as a browser without JavaScript does."""
    except_(staffed, "sue.sro", "ann.ash", 0, 10)
    person = f"/identity/people/{staffed.people['ann.ash']}/vetting"
    day = {"-day": "1", "-month": "3", "-year": "2026"}
    cpc = Browser(app, staffed, "10.6.0.7")
    cpc.sign_in("cora.cpc")
    form = {
        "kind": "nppv2",
        "reference": "V9",
        "vetting_force": "West Yorkshire Police",
        "evidence": "File 9",
    }
    form |= {f"cleared_on{part}": text for part, text in day.items()}
    form |= {f"expires_on{part}": text for part, text in {**day, "-year": "2020"}.items()}
    wrong = cpc.post(f"{person}/record", form)
    assert wrong.status_code == 422
    assert "must be after the day it was cleared" in wrong.text
    right = cpc.post(f"{person}/record", {**form, "expires_on-year": "2029"})
    assert right.status_code == 303
    shown = cpc.get(person).text
    assert "NPPV level 2" in shown
    assert "1 March 2029" in shown
    assert "Sue Sro" in shown
    for page in ("/identity/vetting/queue", "/identity/vetting/exceptions", "/identity/vetting/types"):
        assert cpc.get(page).status_code == 200
    assert "Propose a change" not in cpc.get("/identity/vetting/types").text
    admin = Browser(app, staffed, "10.5.0.7")
    admin.sign_in("ida.admin")
    fields = {**KIND, "level": "2", "needs_sro": "", "accepted_to": ""}
    fields |= {f"accepted_from{part}": text for part, text in day.items()}
    del fields["accepted_from"], fields["accepted_to"], fields["needs_sro"]
    assert admin.post("/identity/vetting/types/changes/new", fields).status_code == 303
    assert "Take back" in admin.get("/identity/vetting/types").text
