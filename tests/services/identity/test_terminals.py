"""Terminals: assessed by the lead, approved by the CPC alone, withdrawn with every session, assured each year."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any, cast
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Select

from services.identity.opaque_ids import hashed
from services.identity.service import service
from services.identity.sessions.models import SignInSession
from services.identity.terminals.checklist import every_item
from services.identity.terminals.jobs import ask_for_assurances
from services.identity.terminals.models import Assessment, Assurance, Terminal
from shared.refusals import Invalid, Refusal
from tests.services.identity.acting import principal, refused_without_recent_sign_in, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import SCRUBS, House

NPPV3 = ("nppv3", -100, 300)
MET = [item.code for item in every_item()]
SIGNED = {"it_manager": "Ira Tech", "it_reference": "IT-7", "it_signed_on": None}


@pytest.fixture
def prison(house: House) -> House:
    house.add("paul.cpc", "group-LNDN", vetting=NPPV3, tokens=(("cpc", "group-LNDN"),), cpc_course=True)
    house.add("lena.lead", "prison-WSI", roles=(("visor_lead", "prison-WSI"),))
    house.add("lou.lead", "prison-WSI", roles=(("visor_lead", "prison-WSI"),))
    house.add("pat.prison", "prison-WSI", tokens=(("partner", "prison-WSI"),))
    house.add("cass.central", "group-LNDN", vetting=NPPV3, tokens=(("central_support", "group-LNDN"),))
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("ida.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    # A terminal for each browser of a test: a key shown by two of them would look copied.
    with house.runtime.system_work("test.terminals") as work:
        work.session.add_all(
            Terminal(
                asset_tag=tag, unit="prison-WSI", room=tag, device_key_hash=hashed(tag), status="approved"
            )
            for tag in ("WSI-011", "WSI-012")
        )
    return house


def code_of(house: House, username: str, command: str, **given: Any) -> str:
    with pytest.raises(Refusal) as refused:
        run(house, username, command, **given)
    return refused.value.code


def register(house: House, by: str = "lena.lead", tag: str = "WSI-100", **more: Any) -> UUID:
    given = {"asset_tag": tag, "unit": "prison-WSI", "room": "OMU 3", "certificate_fingerprint": None}
    return UUID(run(house, by, "terminals.register", **{**given, **more})["id"])


def assess(house: House, by: str, terminal: UUID, **more: Any) -> Mapping[str, Any]:
    given = {"met": MET, "standards": ["syops", "psi-23-2008"], "note": "", "it_manager": None}
    given |= {"it_reference": None, "it_signed_on": None}
    return run(house, by, "terminals.assess", terminal_id=terminal, **{**given, **more})


def approved(house: House, tag: str = "WSI-100") -> UUID:
    terminal = register(house, tag=tag)
    assess(house, "lena.lead", terminal)
    run(house, "paul.cpc", "terminals.approve", terminal_id=terminal, note="")
    return terminal


def row(house: House, terminal: UUID) -> Terminal:
    (found,) = [one for one in house.rows(Terminal) if one.id == terminal]
    return found  # type: ignore[no-any-return]


def told(house: House, kind: str) -> list[tuple[str, str]]:
    names = {str(person): name for name, person in house.people.items()}
    return [
        (duty["as"], names.get(duty["person_id"], "nobody"))
        for event in house.events(kind)
        for copy in event.copies
        for duty in copy["people"]
    ]


@pytest.mark.clause("PF-6.4.2", "PF-6.5.1", "PF-6.5.2", "PF-5.10.3", "PSI-5.3.8.1")
def test_the_lead_assesses_and_the_cpc_of_the_group_approves(prison: House) -> None:
    terminal = register(prison)
    assert code_of(prison, "paul.cpc", "terminals.approve", terminal_id=terminal, note="") == "R39"
    assess(prison, "lena.lead", terminal)
    assert told(prison, "identity.terminal.assessed") == [("cpc", "paul.cpc")]
    queue = prison.runtime.ask(
        service.declarations.queries["terminals.queue"], principal(prison, "paul.cpc"), {}
    )
    assert terminal in [one["id"] for one in queue["terminals"]]
    run(prison, "paul.cpc", "terminals.approve", terminal_id=terminal, note="Seen on 1 March")
    found = row(prison, terminal)
    assert (found.status, found.approved_by) == ("approved", prison.people["paul.cpc"])
    assert found.reassure_by == prison.today + timedelta(days=365)
    (assessment,) = prison.rows(Assessment)
    assert (assessment.outcome, assessment.standards) == ("approved", ["syops", "psi-23-2008"])
    assert set(told(prison, "identity.terminal.approved")) == {
        ("visor_lead", "lena.lead"),
        ("visor_lead", "lou.lead"),
    }
    assert code_of(prison, "paul.cpc", "terminals.approve", terminal_id=terminal, note="") == "R34"


@pytest.mark.clause("PF-6.5.2", "PF-7/Central Support Token.2")
@pytest.mark.parametrize("who", ["lena.lead", "cass.central", "ida.admin", "cora.cpc", "pat.prison"])
def test_everybody_else_is_refused_and_audited(prison: House, who: str) -> None:
    terminal = register(prison)
    assess(prison, "lena.lead", terminal)
    for command in ("terminals.approve", "terminals.decline"):
        assert code_of(prison, who, command, terminal_id=terminal, note="No reason") == "R24"
    (entry,) = prison.audited(action="terminals.approve")
    assert (entry.outcome, entry.refusal_code) == ("refused", "R24")
    assert row(prison, terminal).status == "assessed"


@pytest.mark.clause("PF-6.5.2")
def test_a_deputy_of_the_cpc_approves_no_terminal(prison: House) -> None:
    terminal = register(prison)
    assess(prison, "lena.lead", terminal)
    deputy = principal(prison, "cass.central", deputy_for=frozenset({"group-LNDN"}))
    command = service.declarations.commands["terminals.approve"]
    with pytest.raises(Refusal) as refused:
        prison.runtime.run(command, deputy, {"terminal_id": terminal, "note": ""})
    assert refused.value.code == "R24"


def test_an_approval_asks_for_a_recent_sign_in(prison: House) -> None:
    terminal = register(prison)
    given = {"terminal_id": terminal, "note": ""}
    assert refused_without_recent_sign_in(prison, "paul.cpc", "terminals.approve", **given)


@pytest.mark.clause("PF-6.4.3")
def test_a_requirement_that_is_not_met_blocks_the_approval(prison: House) -> None:
    terminal = register(prison)
    assess(prison, "lena.lead", terminal, met=MET[1:])
    with pytest.raises(Refusal) as refused:
        run(prison, "paul.cpc", "terminals.approve", terminal_id=terminal, note="")
    assert every_item()[0].text in refused.value.message
    run(prison, "paul.cpc", "terminals.decline", terminal_id=terminal, note="Fit a lock to the door")
    assert row(prison, terminal).status == "registered"
    assess(prison, "lena.lead", terminal)
    run(prison, "paul.cpc", "terminals.approve", terminal_id=terminal, note="")
    assert sorted(one.outcome for one in prison.rows(Assessment)) == ["approved", "declined"]


@pytest.mark.clause("PF-5.10.3", "PF-7/ViSOR Lead.4")
def test_a_cpc_who_assessed_waits_for_the_leads_word(prison: House) -> None:
    terminal = register(prison, by="paul.cpc")
    assess(prison, "paul.cpc", terminal)
    assert {name for _, name in told(prison, "identity.terminal.assessed")} == {"lena.lead", "lou.lead"}
    assert code_of(prison, "paul.cpc", "terminals.approve", terminal_id=terminal, note="") == "R23"
    assert code_of(prison, "paul.cpc", "terminals.vouch", terminal_id=terminal) == "R32"
    run(prison, "lena.lead", "terminals.vouch", terminal_id=terminal)
    run(prison, "paul.cpc", "terminals.approve", terminal_id=terminal, note="")
    (assessment,) = prison.rows(Assessment)
    assert assessment.vouched_by == prison.people["lena.lead"]


def test_of_two_who_approve_at_the_same_moment_one_does(prison: House) -> None:
    terminal = register(prison)
    assess(prison, "lena.lead", terminal)
    gate = Barrier(2)

    def attempt(_: int) -> str:
        gate.wait()
        try:
            run(prison, "paul.cpc", "terminals.approve", terminal_id=terminal, note="")
        except Refusal as refused:
            return refused.code
        return "approved"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(attempt, range(2))) == ["R34", "approved"]
    assert len(prison.events("identity.terminal.approved")) == 1


@pytest.mark.clause("PSI-5.3.8.2", "PF-6.4.1")
def test_a_move_withdraws_until_it_manager_and_cpc_have_signed(prison: House) -> None:
    (terminal,) = [one.id for one in prison.rows(Terminal) if one.asset_tag == "WSI-001"]
    prison.sign_in("pat.prison", SCRUBS)
    run(prison, "lena.lead", "terminals.move", terminal_id=terminal, unit="prison-WSI", room="Visits")
    found = row(prison, terminal)
    assert (found.status, found.withdrawn_reason, found.room) == ("withdrawn", "moved", "Visits")
    (session,) = prison.rows(SignInSession)
    assert session.end_reason == "terminal_withdrawn"
    (revoked,) = prison.events("identity.session.revoked")
    assert (revoked.urgent, revoked.data["session_id"]) == (True, str(session.id))
    with pytest.raises(Refusal) as refused:
        prison.sign_in("pat.prison", SCRUBS)
    assert refused.value.code == "R09"
    with pytest.raises(Invalid) as invalid:
        assess(prison, "lena.lead", terminal)
    assert "it_manager" in invalid.value.errors
    with pytest.raises(Invalid):
        assess(prison, "lena.lead", terminal, **SIGNED | {"it_signed_on": prison.today + timedelta(days=1)})
    assess(prison, "lena.lead", terminal, **SIGNED | {"it_signed_on": prison.today})
    assert code_of(prison, "lena.lead", "terminals.approve", terminal_id=terminal, note="") == "R24"
    run(prison, "paul.cpc", "terminals.approve", terminal_id=terminal, note="")
    prison.sign_in("pat.prison", SCRUBS)


@pytest.mark.clause("PSI-5.3.8.2")
def test_a_terminal_moves_to_another_prison_only_by_who_looks_after_both(prison: House) -> None:
    terminal = approved(prison)
    there = {"terminal_id": terminal, "unit": "prison-PVI", "room": "Security"}
    assert code_of(prison, "lena.lead", "terminals.move", **there) == "R11"
    assert row(prison, terminal).status == "approved"
    run(prison, "paul.cpc", "terminals.move", **there)
    assert row(prison, terminal).unit == "prison-PVI"


@pytest.mark.clause("PF-6.4.1")
def test_a_withdrawal_ends_the_sessions_there_and_no_other(prison: House) -> None:
    prison.sign_in("pat.prison", SCRUBS)
    elsewhere = approved(prison)
    run(prison, "paul.cpc", "terminals.withdraw", terminal_id=elsewhere, reason_code="unsafe")
    (session,) = prison.rows(SignInSession)
    assert session.ended_at is None
    (terminal,) = [one.id for one in prison.rows(Terminal) if one.asset_tag == "WSI-001"]
    run(prison, "lena.lead", "terminals.withdraw", terminal_id=terminal, reason_code="lost")
    (session,) = prison.rows(SignInSession)
    assert session.end_reason == "terminal_withdrawn"
    assert row(prison, terminal).device_key_hash is None
    assert (
        code_of(prison, "pat.prison", "terminals.withdraw", terminal_id=elsewhere, reason_code="lost")
        == "R11"
    )


@pytest.mark.clause("PF-6.4.1")
def test_a_withdrawn_terminals_page_stops_opening_within_seconds(app: Flask, prison: House) -> None:
    browser = Browser(app, prison, "10.2.0.7", "WSI-001")
    browser.sign_in("pat.prison")
    (terminal,) = [one.id for one in prison.rows(Terminal) if one.asset_tag == "WSI-001"]
    run(prison, "lena.lead", "terminals.withdraw", terminal_id=terminal, reason_code="unsafe")
    assert browser.signed_out_within_seconds()


def asked(house: House, days: int) -> list[Any]:
    """Moves on and ticks twice at once; the assurances asked for by then."""
    house.clock.at += timedelta(days=days)
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _number: tick(house), range(2)))
    return house.events("identity.terminal.assurance_due")


def tick(house: House) -> None:
    with house.runtime.system_work("tick") as work:
        ask_for_assurances(work)


@pytest.mark.clause("PF-5.9.3", "PF-7/ViSOR Lead.4")
def test_the_lead_is_asked_once_before_each_years_day(prison: House) -> None:
    terminal = approved(prison)
    assert asked(prison, 334) == []
    (event,) = asked(prison, 1)
    assert event.data["due_on"] == str(prison.today + timedelta(days=30))
    leads = [("visor_lead", "lena.lead"), ("visor_lead", "lou.lead")]
    assert told(prison, "identity.terminal.assurance_due") == leads
    assert len(asked(prison, 100)) == 1
    assert code_of(prison, "paul.cpc", "terminals.assure", terminal_id=terminal, met=MET) == "R32"
    run(prison, "lena.lead", "terminals.assure", terminal_id=terminal, met=MET)
    (given,) = prison.rows(Assurance)
    assert (given.given_by, given.closed_at is not None) == (prison.people["lena.lead"], True)
    assert row(prison, terminal).reassure_by == prison.today.replace(year=prison.today.year + 1)
    assert told(prison, "identity.terminal.assured") == [("cpc", "paul.cpc")]


@pytest.mark.clause("PF-5.9.3")
def test_an_assurance_with_a_no_withdraws_the_terminal(prison: House) -> None:
    terminal = approved(prison)
    run(prison, "lena.lead", "terminals.assure", terminal_id=terminal, met=MET[1:])
    found = row(prison, terminal)
    assert (found.status, found.withdrawn_reason) == ("withdrawn", "not_assured")
    assert ("cpc", "paul.cpc") in told(prison, "identity.terminal.withdrawn")
    assert code_of(prison, "lena.lead", "terminals.assure", terminal_id=terminal, met=MET) == "R34"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"unit": "prison-nowhere"}, "unit"),
        ({"tag": "WSI-001"}, "asset_tag"),
        ({"tag": "wsi-001"}, "asset_tag"),
    ],
)
def test_bad_input_changes_nothing(prison: House, more: dict[str, Any], field: str) -> None:
    before = len(prison.rows(Terminal))
    with pytest.raises(Invalid) as invalid:
        register(prison, **more)
    assert field in invalid.value.errors
    assert len(prison.rows(Terminal)) == before


@pytest.mark.clause("PF-6.4.1")
def test_an_approved_terminal_gets_its_key_by_a_code_typed_there_once(app: Flask, prison: House) -> None:
    terminal = approved(prison)
    office, machine = Browser(app, prison, "10.2.0.7", "WSI-001"), Browser(app, prison, "10.2.0.9")
    office.sign_in("lena.lead")
    page = f"/identity/terminals/{terminal}/enrolment-code"
    assert office.get(page).status_code == 200
    code = office.post(page, {}).text.split("<code>")[1].split("</code>")[0]
    form = {"asset_tag": "wsi-100", "code": code.lower()}
    enrol = "/identity/terminals/enrol"
    assert machine.post(enrol, form | {"code": "AAAAA-AAAAA"}).status_code == 401
    elsewhere = Browser(app, prison, "10.3.0.9").post(enrol, form)
    assert (elsewhere.status_code, "Refusal R10" in elsewhere.text) == (403, True)
    done = machine.post(enrol, form)
    assert done.status_code == 303
    assert "has its key" in machine.get(done.location).text
    assert machine.post(enrol, form, page=enrol).status_code == 401
    machine.sign_in("pat.prison")
    assert machine.get("/identity/my-access").status_code == 200
    (entry,) = prison.audited(action="terminals.enrol", outcome="done")
    assert entry.subject_id == terminal


def test_no_code_for_a_terminal_that_is_not_approved_or_by_who_does_not_look_after_it(
    app: Flask, prison: House
) -> None:
    terminal = register(prison)
    browser = Browser(app, prison, "10.2.0.7", "WSI-001")
    browser.sign_in("lena.lead")
    page = f"/identity/terminals/{terminal}/enrolment-code"
    assert "Refusal R39" in browser.post(page, {}).text
    other = Browser(app, prison, "10.2.0.7", "WSI-011")
    other.sign_in("pat.prison")
    assert "Refusal R11" in other.post(page, {}).text


@pytest.mark.clause("PF-6.4.1", "PF-5.10.3")
def test_the_pages_from_registering_to_approval(app: Flask, prison: House) -> None:
    lead = Browser(app, prison, "10.2.0.7", "WSI-001")
    lead.sign_in("lena.lead")
    assert 'value="prison-WSI"' in lead.get("/identity/terminals/register").text
    form = {"asset_tag": "WSI-200", "unit": "prison-WSI", "room": "OMU 3"}
    assert lead.post("/identity/terminals/register", form | {"room": ""}).status_code == 422
    made = lead.post("/identity/terminals/register", form)
    page = made.location.partition("?")[0]
    assert lead.get(f"{page}/assess").text.count("govuk-checkboxes__item") == len(MET) + 4
    sent = lead.post(f"{page}/assess", {"met": MET, "standards": ["syops"], "note": "Behind two doors"})
    assert sent.status_code == 303
    assert "Waits for the CPC" in lead.get(page).text
    cpc = Browser(app, prison, "10.2.0.7", "WSI-011")
    cpc.sign_in("paul.cpc")
    assert "WSI-200" in cpc.get("/identity/terminals/awaiting").text
    assert cpc.post(f"{page}/approve", {"note": ""}).status_code == 303
    assert "Approved" in cpc.get(page).text
    for path in ("/move", "/withdraw", "/assess"):
        assert cpc.get(page + path).status_code == 200
    listed = cpc.get("/identity/terminals?status=approved&unit=group-LNDN").text
    assert ("WSI-200" in listed, "PVI-001" in listed, "WSI-003" in listed) == (True, True, False)
    assert "PVI-001" not in lead.get("/identity/terminals").text
    plain = Browser(app, prison, "10.2.0.7", "WSI-012")
    plain.sign_in("pat.prison")
    assert plain.get("/identity/terminals").status_code == 403
    assert plain.get(page).status_code == 403


@pytest.mark.clause("PF-5.9.3", "PF-6.4.1")
def test_the_report_counts_by_prison_what_the_reader_answers_for(app: Flask, prison: House) -> None:
    terminal = approved(prison)
    assess(prison, "lena.lead", register(prison, tag="WSI-200"))
    cpc = Browser(app, prison, "10.2.0.7", "WSI-011")
    cpc.sign_in("paul.cpc")
    declared = prison.runtime.service.reports["RPT-17"]

    def counts(who: str, show: str = "all") -> dict[str, tuple[int, ...]]:
        with prison.runtime.work(principal(prison, who), "test.report") as work:
            found = work.session.execute(cast("Select[Any]", declared.rows(work, show=show))).mappings()
            columns = ("approved", "awaiting", "registered", "withdrawn", "overdue")
            return {row["unit_name"]: tuple(row[name] for name in columns) for row in found}

    # Of the house: one approved, one assessed and one withdrawn; of these tests: three approved and one assessed.
    assert counts("paul.cpc") == {"Wormwood Scrubs": (4, 2, 0, 1, 0), "Pentonville": (1, 0, 0, 0, 0)}
    assert counts("lena.lead").keys() == {"Wormwood Scrubs"}
    assert counts("paul.cpc", "overdue") == {}
    prison.clock.at += timedelta(days=366)
    assert counts("paul.cpc", "overdue") == {"Wormwood Scrubs": (4, 2, 0, 1, 1)}
    assert row(prison, terminal).status == "approved"


def test_the_page_of_the_report(app: Flask, prison: House) -> None:
    approved(prison)
    cpc = Browser(app, prison, "10.2.0.7", "WSI-011")
    cpc.sign_in("paul.cpc")
    page = cpc.get("/identity/reports/rpt-17").text
    assert ("Wormwood Scrubs" in page, "/identity/terminals?unit=prison-WSI" in page) == (True, True)
    assert cpc.get("/identity/reports/rpt-17/csv").status_code == 200
    answer = cpc.client.get("/identity/api/reports/rpt-17", base_url="https://localhost").get_json()
    assert answer["totals"]["awaiting"] == 1
    plain = Browser(app, prison, "10.2.0.7", "WSI-012")
    plain.sign_in("pat.prison")
    assert "Refusal R32" in plain.get("/identity/reports/rpt-17").text
