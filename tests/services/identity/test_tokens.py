"""Tokens: who may grant what to whom, one CPC for an area whoever comes first, and what an end takes with it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from services.identity.sessions.models import SignInSession
from services.identity.tokens import granting
from services.identity.tokens.jobs import turn_grants
from services.identity.tokens.models import TokenGrant
from shared.refusals import Invalid, Refusal
from tests.services.identity.acting import authorise, grant, run
from tests.services.identity.house import LEEDS, House

NPPV3 = ("nppv3", -100, 300)


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """What each of these came to, begun at one moment: "done" or the code of its refusal, sorted."""
    gate = Barrier(len(acts))

    def attempt(act: Callable[[], Any]) -> str:
        gate.wait()
        try:
            act()
        except Refusal as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(attempt, acts))


def _duties(house: House, event: Any) -> list[Any]:
    return [one for copy in event.copies for one in copy["people"]]


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
    grant(staffed, "cora.cpc", "ann.ash", "lpc", "pdu-N55LEE")
    (made,) = [row for row in staffed.rows(TokenGrant) if row.token == "lpc"]
    assert made.granted_by == staffed.people["cora.cpc"]
    (event,) = staffed.events("identity.token.granted")
    assert event.data == {
        "person_id": str(staffed.people["ann.ash"]),
        "token": "lpc",
        "unit": "pdu-N55LEE",
    }


@pytest.mark.clause("PF-4.16a.1", "PF-7/CPC Prison.2", "PF-6.1.3", "PF-7/CPC Prison.5", "PF-4.8/t.4")
@pytest.mark.parametrize(
    ("granter", "person", "token", "unit", "code"),
    [
        ("cora.cpc", "pat.prison", "partner", "prison-WSI", "R11"),
        ("cora.cpc", "pat.prison", "partner", "area-53", "R11"),
        ("ann.ash", "three.level", "partner", "pdu-N55LEE", "R11"),
        ("cora.cpc", "cora.cpc", "supervisor", "area-53", "R23"),
        ("paul.cpc", "pat.prison", "create", "prison-WSI", "R30"),
        ("paul.cpc", "pat.prison", "manager", "prison-WSI", "R30"),
        ("cora.cpc", "ann.ash", "central_support", "area-53", "R03"),
        ("cora.cpc", "three.level", "cpc", "area-53", "R32"),
        ("hope.head", "ann.ash", "cpc", "area-53", "R03"),
        ("hope.head", "pat.prison", "cpc", "group-LNDN", "R32"),
        ("dora.director", "pat.prison", "cpc", "group-LNDN", "R04"),
        ("hope.head", "three.level", "cpc", "area-53", "R12"),
        ("ida.admin", "ann.ash", "partner", "pdu-N55LEE", "R11"),
        ("ida.admin", "three.level", "cpc", "area-53", "R32"),
        ("cora.cpc", "three.level", "admin", "home-office", "R11"),
        ("ida.admin", "ida.admin", "admin", "home-office", "R23"),
        ("ida.admin", "ann.ash", "admin", "home-office", "R03"),
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


@pytest.mark.clause("PF-7/CPC Probation.6", "PF-7/Identity Manager LDAP.1", "PF-4.16b")
def test_what_the_cpc_authorises_an_administrator_sets(staffed: House) -> None:
    made = authorise(staffed, "cora.cpc", "ann.ash", "partner", "pdu-N55LEE")
    assert made["state"] == "authorised"
    assert [row for row in staffed.rows(TokenGrant) if row.token == "partner"] == []
    (told,) = staffed.events("identity.token.authorised")
    assert [one["person_id"] for one in _duties(staffed, told)] == [str(staffed.people["ida.admin"])]
    for who in ("cora.cpc", "ann.ash", "hope.head"):
        assert code_of(partial(run, staffed, who, "tokens.set", order_id=made["id"])) == "R11"
    run(staffed, "ida.admin", "tokens.set", order_id=made["id"])
    (held,) = [row for row in staffed.rows(TokenGrant) if row.token == "partner"]
    assert (held.granted_by, held.authorised_by) == (
        staffed.people["ida.admin"],
        staffed.people["cora.cpc"],
    )
    assert [event.data["outcome"] for event in staffed.events("identity.token.settled")] == ["set"]
    assert code_of(lambda: run(staffed, "ida.admin", "tokens.set", order_id=made["id"])) == "R34"


@pytest.mark.clause("PF-7/CPC Probation.6")
def test_nobody_sets_what_they_authorised_or_what_is_their_own(staffed: House) -> None:
    """The same person as CPC and as administrator: two hats are not two people."""
    both = (("cpc", "area-52"), ("admin", "home-office"))
    staffed.add("two.hats", "area-52", vetting=NPPV3, tokens=both)
    staffed.add("sid.south", "area-52")
    made = authorise(staffed, "two.hats", "sid.south", "partner", "area-52")
    assert code_of(lambda: run(staffed, "two.hats", "tokens.set", order_id=made["id"])) == "R23"
    staffed.add("home.cpc", "home-office", vetting=NPPV3, tokens=(("cpc", "home-office"),))
    own = authorise(staffed, "home.cpc", "ida.admin", "supervisor", "home-office", note="Small team")
    assert code_of(lambda: run(staffed, "ida.admin", "tokens.set", order_id=own["id"])) == "R23"


@pytest.mark.clause("PF-6.1.2", "PF-7/CPC Probation.6")
def test_vetting_is_asked_again_when_a_token_is_set(staffed: House) -> None:
    made = authorise(staffed, "cora.cpc", "ann.ash", "partner", "pdu-N55LEE")
    staffed.clock.at += timedelta(days=300)
    assert code_of(lambda: run(staffed, "ida.admin", "tokens.set", order_id=made["id"])) == "R03"


@pytest.mark.clause("PF-7/CPC Probation.6")
def test_an_order_is_declined_with_its_reason_and_may_be_given_again(staffed: House) -> None:
    made = authorise(staffed, "cora.cpc", "ann.ash", "partner", "pdu-N55LEE")
    twice = partial(authorise, staffed, "cora.cpc", "ann.ash", "partner", "pdu-N55LEE")
    assert code_of(twice) == "R34"
    given = {"order_id": made["id"], "reason": "The account is not there yet"}
    assert code_of(lambda: run(staffed, "ann.ash", "tokens.decline", **given)) == "R11"
    run(staffed, "ida.admin", "tokens.decline", **given)
    (settled,) = staffed.events("identity.token.settled")
    assert settled.data["outcome"] == "declined"
    assert [one["person_id"] for one in _duties(staffed, settled)] == [str(staffed.people["cora.cpc"])]
    assert twice()["state"] == "authorised"


@pytest.mark.clause("PF-7/CPC Probation.6")
def test_of_two_administrators_who_set_one_order_one_does(staffed: House) -> None:
    staffed.add("abe.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    made = authorise(staffed, "cora.cpc", "ann.ash", "partner", "pdu-N55LEE")
    outcomes = at_once(
        lambda: run(staffed, "ida.admin", "tokens.set", order_id=made["id"]),
        lambda: run(staffed, "abe.admin", "tokens.set", order_id=made["id"]),
    )
    assert outcomes == ["R34", "done"]
    assert len([row for row in staffed.rows(TokenGrant) if row.token == "partner"]) == 1


@pytest.mark.clause("PF-7/Identity Manager LDAP.1")
def test_an_administrator_ends_a_token_only_on_authority(staffed: House) -> None:
    made = grant(staffed, "cora.cpc", "ann.ash", "partner", "pdu-N55LEE")
    given = {"grant_id": made["id"], "reason": "Moved on"}
    with pytest.raises(Invalid) as invalid:
        run(staffed, "ida.admin", "tokens.end", **given, authority=None)
    assert "authority" in invalid.value.errors
    run(staffed, "ida.admin", "tokens.end", **given, authority="Cora Cpc, e-mail of 1 March")
    (held,) = [row for row in staffed.rows(TokenGrant) if row.token == "partner"]
    assert held.end_reason == "Moved on (on authority: Cora Cpc, e-mail of 1 March)"


@pytest.mark.clause("PF-7/ViSOR Administrative access.3", "PF-7/ViSOR Administrative access.2")
def test_an_administrator_who_uses_visor_live_is_made_only_with_a_reason(staffed: House) -> None:
    staffed.add("liz.live", "home-office", vetting=NPPV3, tokens=(("partner", "home-office"),))
    given = {"authority": "National ViSOR team, 1 March"}
    with pytest.raises(Invalid) as invalid:
        grant(staffed, "ida.admin", "liz.live", "admin", "home-office", **given)
    assert "no user of ViSOR Live" in invalid.value.errors["note"][0]
    grant(staffed, "ida.admin", "liz.live", "admin", "home-office", **given, note="Only until May")
    held = next(
        row for row in staffed.rows(TokenGrant) if row.person_id == staffed.people["liz.live"] and row.note
    )
    assert (held.warnings, held.note, held.authority) == (["live_user"], "Only until May", given["authority"])


@pytest.mark.clause("PF-4.8/t.4")
def test_another_appointer_of_the_cpc_says_why(staffed: House) -> None:
    staffed.add("rhea.director", "region-N55", roles=(("regional_probation_director", "region-N55"),))
    staffed.add("sian.south", "area-52", vetting=NPPV3)
    with pytest.raises(Invalid) as invalid:
        grant(staffed, "rhea.director", "sian.south", "cpc", "area-52")
    assert "Head of Public Protection" in invalid.value.errors["note"][0]
    grant(staffed, "rhea.director", "sian.south", "cpc", "area-52", note="The head is ill")
    held = next(row for row in staffed.rows(TokenGrant) if row.unit == "area-52")
    assert (held.warnings, held.granted_by) == (["other_appointer"], staffed.people["rhea.director"])


@pytest.mark.clause("PF-7/CPC Prison.4", "PF-5.1", "PF-7/CPC Prison.5")
def test_a_prison_cpc_in_an_establishment_needs_a_reason(staffed: House) -> None:
    staffed.add("pia.prison", "prison-PVI", vetting=NPPV3, cpc_course=True)
    asked: dict[str, Any] = {"hand_over": True}
    with pytest.raises(Invalid) as invalid:
        grant(staffed, "dora.director", "pia.prison", "cpc", "group-LNDN", **asked)
    assert "not in an establishment" in invalid.value.errors["note"][0]
    grant(staffed, "dora.director", "pia.prison", "cpc", "group-LNDN", **asked, note="Nobody in the hub yet")


@pytest.mark.clause("PI-3.9.2")
def test_the_read_only_token_of_2009_is_switched_off(staffed: House) -> None:
    with pytest.raises(Invalid) as invalid:
        grant(staffed, "cora.cpc", "ann.ash", "read_only", "pdu-N55LEE")
    assert "switched off" in invalid.value.errors["token"][0]


@pytest.mark.clause("PF-7/CPC Probation.4")
def test_a_hand_over_ends_the_old_and_starts_the_new_in_one_step(staffed: House) -> None:
    grant(staffed, "hope.head", "three.level", "cpc", "area-53", hand_over=True)
    open_ones = {
        row.person_id for row in staffed.rows(TokenGrant) if row.ended_at is None and row.unit == "area-53"
    }
    assert open_ones == {staffed.people["three.level"]}
    assert len(staffed.events("identity.token.revoked")) == 1


@pytest.mark.clause("PF-7/CPC Probation.4")
def test_a_hand_over_that_breaks_off_leaves_the_old_holder_as_before(
    staffed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks_off(_work: object, _grant: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(granting, "tell_granted", breaks_off)
    with pytest.raises(ConnectionError):
        grant(staffed, "hope.head", "three.level", "cpc", "area-53", hand_over=True)
    (held,) = [row for row in staffed.rows(TokenGrant) if (row.token, row.unit) == ("cpc", "area-53")]
    assert (held.person_id, held.ended_at, held.valid_to) == (staffed.people["cora.cpc"], None, None)
    assert staffed.events("identity.token.revoked") == []


@pytest.mark.clause("PF-7/CPC Probation.4")
def test_a_hand_over_is_planned_ahead_without_a_gap_or_an_overlap(staffed: House) -> None:
    first = staffed.today + timedelta(days=10)
    grant(staffed, "hope.head", "three.level", "cpc", "area-53", hand_over=True, valid_from=first)
    staffed.add("late.comer", "pdu-N55LEE", vetting=NPPV3)
    assert (
        code_of(lambda: grant(staffed, "hope.head", "late.comer", "cpc", "area-53", hand_over=True)) == "R12"
    )

    def holder_after(days: int) -> list[str]:
        staffed.clock.at += timedelta(days=days)
        with staffed.runtime.system_work("tick") as work:
            turn_grants(work)
        names = {person: name for name, person in staffed.people.items()}
        held = [row for row in staffed.rows(TokenGrant) if row.unit == "area-53" and row.started_at]
        return [names[row.person_id] for row in held if row.ended_at is None]

    assert holder_after(9) == ["cora.cpc"]
    assert holder_after(1) == ["three.level"]
    assert [event.data["token"] for event in staffed.events("identity.token.granted")] == ["cpc"]


@pytest.mark.clause("PF-7/CPC Probation.4", "PF-5.4")
@pytest.mark.parametrize("days", [0, 30])
def test_of_two_who_grant_a_cpc_at_the_same_moment_one_wins(house: House, days: int) -> None:
    house.add("hope.head", "area-53", roles=(("head_of_public_protection", "area-53"),))
    for name in ("first.one", "second.one"):
        house.add(name, "area-53", vetting=NPPV3)
    first = house.today + timedelta(days=days)
    outcomes = at_once(
        *(
            partial(grant, house, "hope.head", name, "cpc", "area-53", valid_from=first)
            for name in ("first.one", "second.one")
        )
    )
    assert outcomes == ["R12", "done"]
    assert len([row for row in house.rows(TokenGrant) if row.ended_at is None]) == 1


@pytest.mark.clause("PF-7/CPC Probation.4", "PF-4.8")
@pytest.mark.parametrize(("token", "unit"), [("cpc", "area-53"), ("lpc", "pdu-N55LEE")])
@pytest.mark.parametrize("started", [True, False])
def test_the_database_itself_keeps_a_second_holder_out(
    house: House, token: str, unit: str, started: bool
) -> None:
    people = [house.add(name, unit, vetting=NPPV3) for name in ("first.one", "second.one")]

    def both() -> None:
        with house.runtime.system_work("test") as work:
            for person in people:
                row = house.held(person, unit, work.system_now)
                row["started_at"] = row["started_at"] if started else None
                work.session.add(TokenGrant(token=token, **row))
                work.session.flush()

    with pytest.raises(IntegrityError, match="uq_token_grant"):
        both()


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
