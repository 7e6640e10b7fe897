"""Tokens: who may grant what to whom, one CPC for an area whoever comes first, and what an end takes with it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from services.identity.sessions.models import SignInSession
from services.identity.tokens.jobs import turn_grants
from services.identity.tokens.models import TokenGrant
from shared.refusals import Invalid, Refusal
from tests.services.identity.acting import grant, run
from tests.services.identity.house import LEEDS, House

NPPV3 = ("nppv3", -100, 300)


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


@pytest.fixture
def staffed(house: House) -> House:
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("paul.cpc", "group-LNDN", vetting=NPPV3, tokens=(("cpc", "group-LNDN"),))
    house.add("hope.head", "area-53", roles=(("head_of_public_protection", "area-53"),))
    house.add("dora.director", "group-LNDN", roles=(("prison_group_director", "group-LNDN"),))
    house.add("ida.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    house.add("ann.ash", "pdu-N55LEE")
    house.add("three.level", "pdu-N55LEE", vetting=NPPV3)
    house.add("pat.prison", "prison-WSI", vetting=NPPV3)
    return house


@pytest.mark.clause("PF-4.16b", "PF-7/ViSOR Tokens.1")
def test_the_cpc_grants_within_the_area(staffed: House) -> None:
    grant(staffed, "cora.cpc", "ann.ash", "partner", "pdu-N55LEE")
    (made,) = [row for row in staffed.rows(TokenGrant) if row.token == "partner"]
    assert made.granted_by == staffed.people["cora.cpc"]
    (event,) = staffed.events("identity.token.granted")
    assert event.data == {
        "person_id": str(staffed.people["ann.ash"]),
        "token": "partner",
        "unit": "pdu-N55LEE",
    }


@pytest.mark.clause("PF-4.16a.1", "PF-7/CPC Prison.2", "PF-6.1.3", "PF-7/CPC Prison.5", "PF-4.8/t.4")
@pytest.mark.parametrize(
    ("granter", "person", "token", "unit", "code"),
    [
        ("cora.cpc", "pat.prison", "partner", "prison-WSI", "R24"),
        ("ann.ash", "three.level", "partner", "pdu-N55LEE", "R24"),
        ("cora.cpc", "cora.cpc", "supervisor", "area-53", "R23"),
        ("paul.cpc", "pat.prison", "create", "prison-WSI", "R30"),
        ("paul.cpc", "pat.prison", "manager", "prison-WSI", "R30"),
        ("cora.cpc", "ann.ash", "central_support", "area-53", "R03"),
        ("cora.cpc", "three.level", "cpc", "area-53", "R32"),
        ("hope.head", "ann.ash", "cpc", "area-53", "R03"),
        ("hope.head", "pat.prison", "cpc", "group-LNDN", "R32"),
        ("dora.director", "pat.prison", "cpc", "group-LNDN", "R04"),
        ("hope.head", "three.level", "cpc", "area-53", "R12"),
    ],
)
def test_what_may_not_be_granted(
    staffed: House, granter: str, person: str, token: str, unit: str, code: str
) -> None:
    before = len(staffed.rows(TokenGrant))
    assert code_of(lambda: grant(staffed, granter, person, token, unit)) == code
    assert len(staffed.rows(TokenGrant)) == before
    (entry,) = staffed.audited(action="tokens.grant")
    assert (entry.outcome, entry.refusal_code) == ("refused", code)


@pytest.mark.clause("PF-7/Identity Manager LDAP.1")
def test_an_administrator_executes_only_on_authority(staffed: House) -> None:
    with pytest.raises(Invalid) as invalid:
        grant(staffed, "ida.admin", "ann.ash", "partner", "pdu-N55LEE")
    assert "authority" in invalid.value.errors
    grant(staffed, "ida.admin", "ann.ash", "partner", "pdu-N55LEE", authority="Cora Cpc, e-mail of 1 March")


@pytest.mark.clause("PF-7/CPC Probation.4")
def test_a_hand_over_ends_the_old_and_starts_the_new_in_one_step(staffed: House) -> None:
    grant(staffed, "hope.head", "three.level", "cpc", "area-53", hand_over=True)
    open_ones = {
        row.person_id for row in staffed.rows(TokenGrant) if row.ended_at is None and row.unit == "area-53"
    }
    assert open_ones == {staffed.people["three.level"]}
    assert len(staffed.events("identity.token.revoked")) == 1


@pytest.mark.clause("PF-7/CPC Probation.4", "PF-5.4")
def test_of_two_who_grant_a_cpc_at_the_same_moment_one_wins(house: House) -> None:
    house.add("hope.head", "area-53", roles=(("head_of_public_protection", "area-53"),))
    for name in ("first.one", "second.one"):
        house.add(name, "area-53", vetting=NPPV3)
    gate = Barrier(2)

    def attempt(person: str) -> str:
        gate.wait()
        try:
            grant(house, "hope.head", person, "cpc", "area-53")
        except Refusal as refused:
            return refused.code
        return "granted"

    with ThreadPoolExecutor(2) as threads:
        outcomes = sorted(threads.map(attempt, ("first.one", "second.one")))
    assert outcomes == ["R12", "granted"]
    assert len([row for row in house.rows(TokenGrant) if row.ended_at is None]) == 1


@pytest.mark.clause("PF-7/LPC.1", "PF-4.8")
def test_a_unit_has_one_lpc(staffed: House) -> None:
    grant(staffed, "cora.cpc", "ann.ash", "lpc", "pdu-N55LEE")
    assert code_of(lambda: grant(staffed, "cora.cpc", "three.level", "lpc", "pdu-N55LEE")) == "R35"


def test_an_ended_token_ends_the_sessions_that_carry_it(staffed: House) -> None:
    made = grant(staffed, "cora.cpc", "ann.ash", "partner", "pdu-N55LEE")
    staffed.sign_in("ann.ash", LEEDS)
    run(staffed, "cora.cpc", "tokens.end", grant_id=made["id"], reason="Moved on", authority=None)
    (session,) = staffed.rows(SignInSession)
    assert session.end_reason == "token_ended"
    (revoked,) = staffed.events("identity.session.revoked")
    assert (revoked.urgent, revoked.data["person_id"]) == (True, str(staffed.people["ann.ash"]))


def test_a_grant_begins_on_its_first_day_and_ends_after_its_last(staffed: House) -> None:
    first, last = staffed.today + timedelta(days=1), staffed.today + timedelta(days=2)
    grant(staffed, "cora.cpc", "ann.ash", "partner", "pdu-N55LEE", valid_from=first, valid_to=last)

    def held_after(days: int) -> tuple[bool, bool]:
        staffed.clock.at += timedelta(days=days)
        with staffed.runtime.system_work("tick") as work:
            turn_grants(work)
        (row,) = [row for row in staffed.rows(TokenGrant) if row.token == "partner"]
        return row.started_at is not None, row.ended_at is not None

    assert held_after(0) == (False, False)
    assert held_after(1) == (True, False)
    assert held_after(1) == (True, False)
    assert held_after(1) == (True, True)
