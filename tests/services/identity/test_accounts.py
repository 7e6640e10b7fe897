"""From a nomination to an account: who takes which step, and what each asks for first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from services.identity.accounts.models import Onboarding, RequestNominee
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.training.models import TrainingRecord
from shared.refusals import Invalid, Refusal
from tests.services.identity.acting import principal, run
from tests.services.identity.house import LEEDS, House
from tests.services.identity.newcomers import (
    CARD,
    cleared,
    created,
    nominate,
    refusal,
    row_of,
    staff,
    state,
    told,
)


@pytest.fixture
def staffed(house: House) -> House:
    staff(house)
    return house


def ask(house: House, by: str, person_id: UUID) -> Any:
    return run(house, by, "accounts.request", person_id=person_id, reason="Joins the Leeds team")


def authorise(house: House, by: str, person_id: UUID) -> Any:
    return run(house, by, "accounts.authorise", person_id=person_id, confirmed=True)


@pytest.mark.clause("PF-5.9.4", "PSI-2.6.1")
def test_a_visor_lead_nominates_somebody_of_their_own_prison_and_the_cpc_is_told(staffed: House) -> None:
    prison = {"unit": "prison-WSI", "position": "prison_offender_manager", "name": "Pru O’Neill-Smith"}
    made = nominate(staffed, "lena.lead", **prison)
    assert (state(staffed, made), row_of(staffed, made).username) == ("nominated", "pru.oneill-smith")
    assert told(staffed, "identity.account.nominated") == {("pam.prison", "cpc")}
    again = nominate(staffed, "lena.lead", **prison)
    assert row_of(staffed, again).username == "pru.oneill-smith2"
    elsewhere = refusal(staffed, "lena.lead", "accounts.nominate", **{**CARD, **prison, "unit": "prison-PVI"})
    assert elsewhere.code == "R32"
    assert elsewhere.contact is not None
    assert elsewhere.contact.name == "Pam Prison"
    assert refusal(staffed, "ida.admin", "accounts.nominate", **CARD).code == "R32"


@pytest.mark.clause("PSI-2.6.1", "PS-6")
@pytest.mark.parametrize(
    ("by", "unit", "position"),
    [
        ("lena.lead", "prison-WSI", ""),
        ("lena.lead", "prison-WSI", "probation_officer"),
        ("cora.cpc", "pdu-N55LEE", "security_staff"),
        ("cora.cpc", "pdu-N55LEE", "user_account_creator"),
        ("cora.cpc", "pdu-N55LEE", "gardener"),
    ],
)
def test_prison_and_probation_limit_visor_to_the_posts_listed(
    staffed: House, by: str, unit: str, position: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        nominate(staffed, by, unit=unit, position=position)
    assert list(invalid.value.errors) == ["position"]


@pytest.mark.parametrize(("field", "value"), [("unit", "pdu-NOWHERE"), ("line_manager", "nobody.at.all")])
def test_an_unknown_unit_or_line_manager_changes_nothing(staffed: House, field: str, value: str) -> None:
    with pytest.raises(Invalid) as invalid:
        nominate(staffed, **{field: value})
    assert list(invalid.value.errors) == [field]
    assert staffed.rows(Onboarding) == []


@pytest.mark.clause("PF-4.16/A.6", "PF-4.16/A.7")
@pytest.mark.parametrize(
    ("vetted", "trained", "code", "words"),
    [
        (False, False, "R01", ("vetting", "training")),
        (False, True, "R01", ("vetting",)),
        (True, False, "R04", ("training",)),
    ],
)
def test_no_account_is_asked_for_before_vetting_and_training_are_in_place(
    staffed: House, vetted: bool, trained: bool, code: str, words: tuple[str, ...]
) -> None:
    made = nominate(staffed)
    if vetted:
        cleared(staffed, made, trained=trained)
    elif trained:
        with staffed.runtime.system_work("test.train") as work:
            staffed._train(work.session, made, "user")
    refused = refusal(staffed, "cora.cpc", "accounts.request", person_id=made, reason="Joins the team")
    assert refused.code == code
    assert all(word in refused.message for word in words)
    assert ("training" in refused.message) is not trained
    assert state(staffed, made) == "nominated"


@pytest.mark.clause("PF-4.16a.1", "PF-4.16/A.6")
def test_a_nominee_asks_and_only_the_cpc_authorises(staffed: House) -> None:
    made = nominate(staffed, "nora.nominee")
    cleared(staffed, made)
    assert refusal(staffed, "lena.lead", "accounts.request", person_id=made, reason="For us").code == "R24"
    ask(staffed, "nora.nominee", made)
    assert state(staffed, made) == "requested"
    assert told(staffed, "identity.account.requested") == {("cora.cpc", "cpc")}
    for somebody in ("nora.nominee", "ida.admin", "pam.prison", "lena.lead"):
        refused = refusal(staffed, somebody, "accounts.authorise", person_id=made, confirmed=True)
        assert (somebody, refused.code) == (somebody, "R11")
    authorise(staffed, "cora.cpc", made)
    assert state(staffed, made) == "authorised"
    assert told(staffed, "identity.account.authorised") == {("ida.admin", "admin")}
    assert refusal(staffed, "cora.cpc", "accounts.authorise", person_id=made, confirmed=True).code == "R34"


@pytest.mark.clause("PF-4.16/A.6", "PF-7/CPC Probation.6")
def test_what_the_cpc_asks_for_is_authorised_with_it(staffed: House) -> None:
    made = nominate(staffed)
    cleared(staffed, made)
    ask(staffed, "cora.cpc", made)
    assert state(staffed, made) == "authorised"
    (row,) = staffed.rows(Onboarding)
    assert (row.requested_by, row.authorised_by) == (staffed.people["cora.cpc"],) * 2


@pytest.mark.clause("PF-7/LPC.2", "PF-4.16a.1")
def test_a_deputy_authorises_but_not_what_they_asked_for_themselves(staffed: House) -> None:
    staffed.add("dee.deputy", "pdu-N55LEE", tokens=(("central_support", "area-53"),))
    deputy = principal(staffed, "dee.deputy", deputy_for=frozenset({"area-53"}))
    by_her, by_nora = nominate(staffed), nominate(staffed)
    for person in (by_her, by_nora):
        cleared(staffed, person)
    ask(staffed, "nora.nominee", by_nora)

    def as_deputy(command: str, **given: Any) -> Any:
        return staffed.runtime.run(service.declarations.commands[command], deputy, given)

    as_deputy("accounts.request", person_id=by_her, reason="Joins the Leeds team")
    assert state(staffed, by_her) == "requested"
    with pytest.raises(Refusal) as refused:
        as_deputy("accounts.authorise", person_id=by_her, confirmed=True)
    assert refused.value.code == "R23"
    as_deputy("accounts.authorise", person_id=by_nora, confirmed=True)
    (row,) = [row for row in staffed.rows(Onboarding) if row.person_id == by_nora]
    assert row.as_deputy
    assert (
        refusal(staffed, "dee.deputy", "accounts.authorise", person_id=by_her, confirmed=True).code == "R11"
    )


def test_a_declined_request_goes_back_and_whoever_asked_is_told(staffed: House) -> None:
    made = nominate(staffed)
    cleared(staffed, made)
    ask(staffed, "nora.nominee", made)
    run(staffed, "cora.cpc", "accounts.decline", person_id=made, reason="The post is not filled yet")
    assert state(staffed, made) == "nominated"
    assert told(staffed, "identity.account.declined") == {("nora.nominee", "requester")}
    ask(staffed, "nora.nominee", made)
    assert state(staffed, made) == "requested"


@pytest.mark.clause("PF-7/CPC Probation.6", "PF-4.16/A.6", "PI-3.8.3", "PSI-2.6.2", "PSI-7.2")
def test_an_administrator_makes_only_what_was_authorised(staffed: House) -> None:
    made = nominate(staffed)
    cleared(staffed, made)
    given: dict[str, Any] = {"person_id": made, "username": "new.person"}
    assert refusal(staffed, "ida.admin", "accounts.create", **given).code == "R24"
    ask(staffed, "cora.cpc", made)
    assert refusal(staffed, "cora.cpc", "accounts.create", **given).code == "R11"
    run(staffed, "ida.admin", "accounts.create", **given)
    assert state(staffed, made) == "created"
    assert told(staffed, "identity.account.created") == {("cora.cpc", "cpc")}
    assert "Cora Cpc" in str(row_of(staffed, made).authority)
    assert refusal(staffed, "ida.admin", "accounts.create", **given).code == "R34"


@pytest.mark.clause("PF-5.10.1", "PF-5.10.7.1")
def test_a_prisons_cpc_authorises_for_the_group_once_vetting_and_training_are_assured(staffed: House) -> None:
    prison = {"unit": "prison-WSI", "position": "security_staff", "name": "Pru Prison"}
    made = nominate(staffed, "lena.lead", **prison)
    assert refusal(staffed, "pam.prison", "accounts.request", person_id=made, reason="For us").code == "R01"
    cleared(staffed, made)
    assert refusal(staffed, "cora.cpc", "accounts.request", person_id=made, reason="For us").code == "R24"
    ask(staffed, "pam.prison", made)
    assert state(staffed, made) == "authorised"


@pytest.mark.clause("PF-7/white pages.1")
def test_no_account_is_made_without_a_whole_card(staffed: House) -> None:
    made = nominate(staffed)
    cleared(staffed, made)
    ask(staffed, "cora.cpc", made)
    with staffed.runtime.system_work("test.card") as work:
        work.session.get_one(Person, made).telephone = " "
    refused = refusal(staffed, "ida.admin", "accounts.create", person_id=made, username="new.person")
    assert (refused.code, "telephone number" in refused.message) == ("R34", True)


def test_a_user_name_is_nobody_elses(staffed: House) -> None:
    made = nominate(staffed)
    cleared(staffed, made)
    ask(staffed, "cora.cpc", made)
    taken = refusal(staffed, "ida.admin", "accounts.create", person_id=made, username="cora.cpc")
    assert taken.code == "R34"


@pytest.mark.clause("PSI-5.3.4.2", "PF-6.3")
def test_the_first_sign_in_needs_every_step_and_names_the_first_that_is_missing(staffed: House) -> None:
    made = nominate(staffed)
    username = row_of(staffed, made).username
    with staffed.runtime.system_work("test.credential") as work:
        staffed._credential(work.session, made, work.system_now)

    def code() -> str:
        with pytest.raises(Refusal) as refused:
            staffed.sign_in(username, LEEDS)
        return refused.value.code

    assert code() == "R01"
    cleared(staffed, made, trained=False, signed=False)
    assert staffed.sign_in(username, LEEDS).scope == "onboarding"
    with staffed.runtime.system_work("test.sign") as work:
        staffed._sign(work.session, made, work.system_now)
        staffed._train(work.session, made, "user")
    assert staffed.sign_in(username, LEEDS).scope == "onboarding"
    ask(staffed, "cora.cpc", made)
    assert staffed.sign_in(username, LEEDS).scope == "onboarding"
    run(staffed, "ida.admin", "accounts.create", person_id=made, username=username)
    assert staffed.events("identity.account.activated") == []
    assert staffed.sign_in(username, LEEDS).scope == "full"
    assert state(staffed, made) == "active"
    assert row_of(staffed, made).last_signed_in_on == staffed.today
    assert told(staffed, "identity.account.activated") == {("cora.cpc", "cpc")}
    staffed.sign_in(username, LEEDS)
    assert len(staffed.events("identity.account.activated")) == 1


@pytest.mark.clause("PF-4.16a.1")
def test_two_who_authorise_and_decline_at_once_do_one_of_both(staffed: House) -> None:
    made = nominate(staffed)
    cleared(staffed, made)
    ask(staffed, "nora.nominee", made)

    def act(command: str) -> str:
        given = {"confirmed": True} if command.endswith("authorise") else {"reason": "Not this year"}
        try:
            run(staffed, "cora.cpc", command, person_id=made, **given)
        except Refusal as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(2) as both:
        found = sorted(both.map(act, ("accounts.authorise", "accounts.decline")))
    assert found == ["R34", "done"]


@pytest.mark.clause("PF-4.16/A.6")
def test_of_two_administrators_who_make_one_account_at_one_moment_one_does(staffed: House) -> None:
    staffed.add("eve.admin", "home-office", vetting=("nppv3", -100, 300), tokens=(("admin", "home-office"),))
    made = nominate(staffed)
    cleared(staffed, made)
    ask(staffed, "cora.cpc", made)
    gate = Barrier(2)

    def make(by: str) -> str:
        gate.wait()
        try:
            run(staffed, by, "accounts.create", person_id=made, username=f"made.by.{by}")
        except Refusal as refused:
            return refused.code
        return "made"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(make, ("ida.admin", "eve.admin"))) == ["R34", "made"]
    assert len(staffed.events("identity.account.created")) == 1


def test_only_the_cpc_names_nominees_and_ends_them(staffed: House) -> None:
    staffed.add("ann.ash", "pdu-N55LEE")
    for by, unit in (("nora.nominee", "area-53"), ("cora.cpc", "area-52"), ("pam.prison", "area-53")):
        refused = refusal(staffed, by, "accounts.name_nominee", username="ann.ash", unit=unit)
        assert (by, refused.code) == (by, "R24")
    twice = refusal(staffed, "cora.cpc", "accounts.name_nominee", username="nora.nominee", unit="area-53")
    assert twice.code == "R34"
    (row,) = staffed.rows(RequestNominee)
    run(staffed, "cora.cpc", "accounts.end_nominee", nominee_id=row.id)
    assert refusal(staffed, "nora.nominee", "accounts.nominate", **CARD).code == "R32"


@pytest.mark.clause("PF-4.16/A.2", "PF-4.38.3")
def test_an_account_opens_again_only_when_every_gate_is_met(staffed: House) -> None:
    made = created(staffed)
    run(staffed, "cora.cpc", "accounts.disable", person_id=made, reason_code="suspended", note="")
    with staffed.runtime.system_work("test.untrain") as work:
        for record in work.session.query(TrainingRecord).filter_by(person_id=made):
            record.passed = False
    again: dict[str, Any] = {"person_id": made, "note": "Back from leave", "authority": None}
    assert refusal(staffed, "cora.cpc", "accounts.enable", **again).code == "R04"
    with staffed.runtime.system_work("test.train") as work:
        staffed._train(work.session, made, "user")
    with pytest.raises(Invalid) as invalid:
        run(staffed, "ida.admin", "accounts.enable", **again)
    assert list(invalid.value.errors) == ["authority"]
    run(staffed, "cora.cpc", "accounts.enable", **again)
    assert state(staffed, made) == "created"
    assert (row_of(staffed, made).username, "person") in told(staffed, "identity.account.reactivated")
