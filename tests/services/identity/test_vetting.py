"""Vetting: recorded, revoked, run out; and what goes with it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from services.identity.people.models import Person
from services.identity.sessions.credentials import access_token
from services.identity.sessions.models import SignInSession
from services.identity.tokens.models import TokenGrant
from services.identity.vetting.covered import covered
from services.identity.vetting.ends import foretell_ends, settle_ends
from services.identity.vetting.jobs import (
    expire_vetting,
    give_back_after_vetting,
    suspend_tokens_above_level,
)
from services.identity.vetting.models import VettingApplication, VettingCheck, VettingRecord
from services.identity.vetting.nightly import check_vetting
from services.identity.vetting.records import clearances_of
from services.identity.vetting.rules import level_held
from shared.refusals import Invalid, Refusal
from tests.services.identity.acting import ask, grant, run
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
def test_a_session_is_worth_no_new_access_token_once_vetting_or_account_has_ended(staffed: House) -> None:
    """Also where nobody has told anybody yet: no tick, no event, no broker."""
    secret = staffed.sign_in("ann.ash", LEEDS).secret
    assert access_token(staffed.runtime, secret, poll=False)
    mine = VettingRecord.person_id == staffed.people["ann.ash"]
    for row, before, after in (
        (update(VettingRecord).where(mine), {"expires_on": staffed.today}, {"expires_on": date(2027, 1, 1)}),
        (
            update(Person).where(Person.username == "ann.ash"),
            {"state": "disabled", "disabled_reason": "left"},
            {"state": "active", "disabled_reason": None},
        ),
    ):
        for values, worth in ((before, False), (after, True)):
            with staffed.runtime.system_work("test.end") as work:
                work.session.execute(row.values(**values))
            assert bool(access_token(staffed.runtime, secret, poll=False)) is worth


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


def held(house: House, username: str) -> dict[str, bool]:
    """Open tokens by name, and whether each is suspended."""
    return {
        row.token: row.suspended_at is not None
        for row in house.rows(TokenGrant)
        if row.person_id == house.people[username] and row.ended_at is None
    }


def told(house: House, kind: str) -> list[tuple[str, str]]:
    """Whom the last fact of the kind names, as (role, user name)."""
    names = {str(person_id): name for name, person_id in house.people.items()}
    copies = house.events(kind)[-1].copies
    return sorted(
        (one["as"], names.get(one["person_id"], "nobody")) for copy in copies for one in copy["people"]
    )


@pytest.mark.clause("PF-6.1.1")
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"cleared_on": timedelta(days=1), "expires_on": timedelta(days=9)}, "cleared_on"),
        ({"expires_on": timedelta(days=0)}, "expires_on"),
        ({"kind": "unheard_of"}, "kind"),
        ({"kind": "police_rv"}, "sro_reference"),
    ],
)
def test_bad_input_is_answered_field_by_field_and_changes_nothing(
    staffed: House, wrong: dict[str, Any], field: str
) -> None:
    days = {name: staffed.today + value for name, value in wrong.items() if isinstance(value, timedelta)}
    before = len(staffed.rows(VettingRecord))
    with pytest.raises(Invalid) as invalid:
        record_with(staffed, "ann.ash", **{**wrong, **days})
    assert set(invalid.value.errors) == {field}
    assert len(staffed.rows(VettingRecord)) == before
    assert staffed.events("identity.vetting.renewed") == []


def record_with(house: House, person: str, **changes: Any) -> None:
    given: dict[str, Any] = {
        "kind": "nppv2",
        "reference": "V2",
        "vetting_force": "West Yorkshire Police",
        "evidence": "File 7",
        "sro_reference": None,
        "cleared_on": house.today,
        "expires_on": house.today + timedelta(days=300),
    }
    run(house, "cora.cpc", "vetting.record", person_id=house.people[person], **{**given, **changes})


@pytest.mark.clause("PF-6.1.1", "PF-4.16/A.1", "PSI-5.3.4.1")
def test_other_vetting_opens_only_with_the_authorisation_of_the_sro_on_file(staffed: House) -> None:
    staffed.add("new.one", "pdu-N55LEE", vetting=None)
    with pytest.raises(Refusal) as refused:
        staffed.sign_in("new.one", LEEDS)
    assert refused.value.code == "R01"
    record_with(staffed, "new.one", kind="police_rv", sro_reference="SRO/7")
    (row,) = [one for one in staffed.rows(VettingRecord) if one.person_id == staffed.people["new.one"]]
    assert (row.kind, row.sro_reference, row.evidence) == ("police_rv", "SRO/7", "File 7")
    assert staffed.sign_in("new.one", LEEDS).scope == "full"


@pytest.mark.clause("PI-3.9.1", "PI-3.9.2")
def test_historical_kinds_are_kept_and_open_nothing(staffed: House) -> None:
    staffed.add("old.hand", "pdu-N55LEE", vetting=None)
    for kind in ("bpss", "crb", "sc"):
        record_with(staffed, "old.hand", kind=kind)
    with pytest.raises(Refusal) as refused:
        staffed.sign_in("old.hand", LEEDS)
    assert refused.value.code == "R03"
    assert "needs NPPV level 2" in refused.value.message
    with pytest.raises(Refusal) as refused:
        grant(staffed, "cora.cpc", "old.hand", "partner", "pdu-N55LEE")
    assert refused.value.code == "R03"


@pytest.mark.clause("PF-4.16/A.2")
def test_renewal_gives_back_what_was_suspended_and_not_what_ended_meanwhile(house: House) -> None:
    house.add("ida.admin", "home-office", vetting=("nppv3", 0, 900), tokens=(("admin", "home-office"),))
    tokens = (("partner", "pdu-N55LEE"), ("manager", "pdu-N55LEE"), ("central_support", "area-53"))
    house.add("ann.ash", "pdu-N55LEE", vetting=("nppv3", -100, 5), tokens=tokens)
    house.clock.at += timedelta(days=5)
    tick(house)
    assert held(house, "ann.ash") == {"partner": True, "manager": True, "central_support": True}
    (ended,) = [row for row in house.rows(TokenGrant) if row.token == "manager"]
    run(house, "ida.admin", "tokens.end", grant_id=ended.id, reason="Moved on", authority="Cora Cpc, e-mail")
    record(house, "ida.admin", "ann.ash", "nppv2")
    assert held(house, "ann.ash") == {"partner": False, "central_support": True}
    record(house, "ida.admin", "ann.ash", "nppv3")
    assert held(house, "ann.ash") == {"partner": False, "central_support": False}
    assert tick(house) == 0


@pytest.mark.clause("PF-6.1.3", "PF-5.4/t")
def test_the_holder_and_who_appoints_are_told_of_a_suspended_token(house: House) -> None:
    house.add("hope.head", "area-53", roles=(("head_of_public_protection", "area-53"),))
    house.add("dora.director", "group-LNDN", roles=(("prison_group_director", "group-LNDN"),))
    for name, unit in (("cora.cpc", "area-53"), ("paul.cpc", "group-LNDN")):
        house.add(name, unit, vetting=("nppv2", -100, 300), tokens=(("cpc", unit),))
    assert tick(house) == 2
    assert held(house, "cora.cpc") == {"cpc": True}
    named = {
        (event.data["person_id"], one["as"], one["person_id"])
        for event in house.events("identity.token.suspended")
        for copy in event.copies
        for one in copy["people"]
    }
    people = {name: str(person_id) for name, person_id in house.people.items()}
    assert named == {
        (people["cora.cpc"], "person", people["cora.cpc"]),
        (people["cora.cpc"], "head_of_public_protection", people["hope.head"]),
        (people["paul.cpc"], "person", people["paul.cpc"]),
        (people["paul.cpc"], "prison_group_director", people["dora.director"]),
    }


@pytest.mark.clause("PF-6.1.3", "PF-7/ViSOR Administrative access.1")
def test_the_level_is_looked_at_again_at_each_log_on(app: Flask, house: House) -> None:
    house.add("ida.admin", "home-office", vetting=("nppv2", 0, 900), tokens=(("admin", "home-office"),))
    assert held(house, "ida.admin") == {"admin": False}
    browser = Browser(app, house, "10.5.0.7")
    assert browser.sign_in("ida.admin").location == "/"
    assert held(house, "ida.admin") == {"admin": True}
    assert browser.get("/identity/vetting/types/changes/new").status_code == 403


def ends(house: House, days: int = 0) -> list[Any]:
    """Moves on and sweeps twice; the ends foretold by then."""
    house.clock.at += timedelta(days=days)
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _number: swept(house), range(2)))
    return house.events("identity.vetting.expiring")


def swept(house: House) -> None:
    with house.runtime.system_work("tick") as work:
        settle_ends(work)
        foretell_ends(work)


@pytest.mark.clause("PF-5.10.2")
def test_an_end_in_sight_is_told_once_to_the_person_line_manager_lead_and_cpc(house: House) -> None:
    house.add("lena.lead", "prison-WSI", roles=(("visor_lead", "prison-WSI"),))
    house.add("mona.manager", "prison-WSI")
    house.add("paul.cpc", "group-LNDN", vetting=("nppv3", 0, 900), tokens=(("cpc", "group-LNDN"),))
    house.add("pat.prison", "prison-WSI", vetting=("nppv2", -100, 91))
    with house.runtime.system_work("test.manage") as work:
        pat = work.session.get_one(Person, house.people["pat.prison"])
        pat.line_manager = house.people["mona.manager"]
    assert ends(house) == []
    (event,) = ends(house, 1)
    assert event.data["expires_on"] == str(house.today + timedelta(days=90))
    assert event.data["unit"] == "prison-WSI"
    assert told(house, "identity.vetting.expiring") == [
        ("cpc", "paul.cpc"),
        ("line_manager", "mona.manager"),
        ("person", "pat.prison"),
        ("visor_lead", "lena.lead"),
    ]
    assert len(ends(house, 89)) == 1


@pytest.mark.clause("PF-5.10.2")
def test_nobody_is_told_of_the_end_of_what_something_as_good_outlasts(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE", vetting=("nppv2", -100, 20))
    with house.runtime.system_work("test.vet") as work:
        house.vet(work.session, house.people["ann.ash"], "nppv3", -10, 500)
    assert ends(house) == []


@pytest.mark.clause("PF-5.10.2", "PF-4.16/A.2")
def test_renewal_stops_the_clock_of_the_end_and_revoking_it_lets_the_end_come_in_sight_again(
    house: House,
) -> None:
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("ann.ash", "pdu-N55LEE", vetting=("nppv2", -100, 20))
    (first,) = ends(house)
    record(house, "cora.cpc", "ann.ash")
    (outlasted,) = house.events("identity.vetting.outlasted")
    assert outlasted.data["end_id"] == first.data["end_id"]
    assert len(ends(house)) == 1
    later, older = sorted(
        (row for row in house.rows(VettingRecord) if row.person_id == house.people["ann.ash"]),
        key=lambda row: row.expires_on,
        reverse=True,
    )
    run(house, "cora.cpc", "vetting.revoke", vetting_id=later.id, reason="Recorded for somebody else")
    _, second = ends(house)
    assert second.data["end_id"] != first.data["end_id"]
    run(house, "cora.cpc", "vetting.revoke", vetting_id=older.id, reason="Misconduct")
    (dropped,) = house.events("identity.vetting.dropped")
    assert dropped.data["end_id"] == second.data["end_id"]


@pytest.mark.clause("PI-3.9.3")
def test_each_night_every_enabled_account_without_vetting_is_told_to_its_cpc(house: House) -> None:
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("ann.ash", "pdu-N55LEE")
    house.add("new.one", "pdu-N55LEE", vetting=None, state="created")

    def check() -> tuple[int, int]:
        with house.runtime.system_work("tick") as work:
            check_vetting(work)
        row = house.rows(VettingCheck)[-1]
        return row.enabled, row.covered

    assert check() == (2, 2)
    assert house.events("identity.vetting.gap_found") == []
    house.add("bob.gap", "pdu-N55LEE", vetting=None)
    assert check() == (2, 2)
    house.clock.at += timedelta(days=1)
    assert check() == (3, 2)
    assert check() == (3, 2)
    (event,) = house.events("identity.vetting.gap_found")
    assert event.data["accounts"] == 1
    assert told(house, "identity.vetting.gap_found") == [("cpc", "cora.cpc")]


@pytest.mark.clause("PF-4.3.1")
def test_an_application_is_under_way_until_it_is_decided(staffed: House) -> None:
    staffed.add("new.one", "pdu-N55LEE", vetting=None)
    person = {"person_id": staffed.people["new.one"]}

    def status() -> str:
        return str(ask(staffed, "cora.cpc", "vetting.of_person", **person)["status"])

    asked = {"kind": "nppv2", "vetting_force": "West Yorkshire Police", "applied_on": staffed.today}
    assert status() == "Not started"
    run(staffed, "cora.cpc", "vetting.apply", **person, **asked)
    assert status() == "In progress"
    with pytest.raises(Refusal) as refused:
        run(staffed, "cora.cpc", "vetting.apply", **person, **asked)
    assert refused.value.code == "R34"
    decided = {"outcome": "refused", "decided_on": staffed.today}
    run(staffed, "cora.cpc", "vetting.close_application", **person, **decided)
    assert status() == "Refused"
    run(staffed, "cora.cpc", "vetting.apply", **person, **asked)
    record_with(staffed, "new.one")
    assert status() == "Cleared"
    assert [row.outcome for row in staffed.rows(VettingApplication)] == ["refused", "cleared"]


@pytest.mark.clause("PS-8.1")
def test_the_queue_begins_with_senior_probation_officers_and_business_critical_staff(staffed: House) -> None:
    staffed.add("ada.first", "pdu-N55LEE", vetting=None)
    staffed.add("spo.second", "pdu-N55LEE", vetting=None, roles=(("spo", "pdu-N55LEE"),))
    staffed.add("crit.third", "pdu-N55LEE", vetting=None)
    staffed.add("other.area", "area-52", vetting=None)
    critical = {"person_id": staffed.people["crit.third"], "priority": "business_critical"}
    run(staffed, "cora.cpc", "accounts.prioritise", **critical)
    lines = ask(staffed, "cora.cpc", "vetting.queue", page=1)["people"]
    assert [(line["person"].name, line["priority"]) for line in lines] == [
        ("Spo Second", True),
        ("Crit Third", True),
        ("Ada First", False),
    ]
    with pytest.raises(Refusal) as refused:
        ask(staffed, "ann.ash", "vetting.queue", page=1)
    assert refused.value.code == "R24"


@pytest.mark.clause("PF-5.5/t.1", "PF-5.5/t.2")
def test_a_leads_page_warns_at_level_two_and_offers_central_support_at_three(
    app: Flask, house: House
) -> None:
    house.add("paul.cpc", "group-LNDN", vetting=NPPV3, tokens=(("cpc", "group-LNDN"),))
    house.add("lena.lead", "prison-WSI", roles=(("visor_lead", "prison-WSI"),))
    page = {"person_id": house.people["lena.lead"]}
    found = ask(house, "paul.cpc", "vetting.of_person", **page)
    assert (found["lead_warning"], found["offer_central_support"]) == (True, False)
    record(house, "paul.cpc", "lena.lead", "nppv3")
    found = ask(house, "paul.cpc", "vetting.of_person", **page)
    assert (found["lead_warning"], found["offer_central_support"]) == (False, True)


@pytest.mark.clause("PF-5.6.2")
def test_a_governor_sees_who_in_the_own_prison_is_to_be_vetted_and_nobody_elses(house: House) -> None:
    house.add("gail.governor", "prison-WSI", roles=(("governor", "prison-WSI"),))
    house.add("pat.prison", "prison-WSI", vetting=None)
    house.add("eve.elsewhere", "prison-PVI", vetting=None)
    lines = ask(house, "gail.governor", "vetting.queue", page=1)["people"]
    assert [line["person"].name for line in lines] == ["Pat Prison"]


def test_the_condition_over_people_says_the_same_as_the_rule(house: House) -> None:
    """Every kind alone and in pairs, current, past and to come, authorised or not."""
    kinds = ("nppv2", "nppv3", "police_rv", "sc", "bpss", "crb")
    spans = ((-100, 100), (-100, 0), (-100, 1), (0, 5))
    cases = [[(kind, span, sro)] for kind in kinds for span in spans for sro in (None, "SRO/1")]
    cases += [[("nppv2", spans[0], None), ("nppv3", span, None)] for span in spans]
    cases += [[("bpss", spans[0], None), ("crb", spans[0], None)]]
    for number, case in enumerate(cases):
        house.add(f"person.{number}", "pdu-N55LEE", vetting=None)
        with house.runtime.system_work("test.vet") as work:
            for kind, (first, past), sro in case:
                house.vet(work.session, house.people[f"person.{number}"], kind, first, past)
                row = (
                    work.session.execute(select(VettingRecord).order_by(VettingRecord.id.desc()))
                    .scalars()
                    .first()
                )
                assert row is not None
                row.sro_reference = sro
    with house.runtime.system_work("test.read") as work:
        for level in (2, 3):
            found = work.session.execute(select(Person.id).where(covered(work.policy, work.today, level)))
            ids = set(found.scalars())
            every = clearances_of(work.session, house.people.values(), work.policy)
            assert ids == {one for one, held in every.items() if level_held(held, work.today) >= level}
            assert ids
