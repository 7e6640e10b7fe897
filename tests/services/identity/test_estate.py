"""The estate: loaded from a file all or nothing, kept up from pages, and told to the other services."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from services.identity.administration import list_people
from services.identity.bootstrap.beginning import BeginningRefused, begin
from services.identity.bootstrap.models import Bootstrap
from services.identity.bootstrap.shapes import Beginning, FirstPerson, FirstTerminal
from services.identity.directory.queries import page
from services.identity.documents.models import DocumentVersion, Signature
from services.identity.estate.files import from_toml
from services.identity.estate.loading import EstateRefused, load, preview_of
from services.identity.estate.national import national_estate
from services.identity.people.models import Person, Unit
from services.identity.people.units import above
from services.identity.sign_in import one_time_codes, recovery
from services.identity.sign_in.code_step import Opened, give_code
from services.identity.sign_in.password_step import give_password
from services.identity.terminals.enrolling import enrol, operators_code
from services.identity.terminals.locating import Origin
from services.identity.terminals.models import NetworkRange, Terminal
from services.identity.tokens.models import RoleGrant, TokenGrant
from shared.clock import FixedClock
from shared.refusals import Invalid, NotFound, Refusal, Stale
from shared.runtime import Runtime
from tests.services.identity.acting import run
from tests.services.identity.browser import Browser
from tests.services.identity.house import HOME_OFFICE, PASSWORD, House

NPPV3 = ("nppv3", -100, 300)
FILE = """
[[agency]]
code = "probation-wales"
name = "Provider of Wales"
kind = "probation"

[[unit]]
code = "provider-7"
name = "Northern community services"
kind = "probation_provider"
parent = "area-53"
agency = "probation-wales"
jurisdiction = "ENG"

[[unit]]
code = "prison-PVI"
name = "Pentonville (contracted)"
kind = "prison"
parent = "group-LNDN"
agency = "prison-service"
jurisdiction = "ENG"
contracted = true

[[building]]
unit = "provider-7"
name = "Community House"
address = "7 Example Street, Leeds"

[[network]]
addresses = "10.77.0.0/24"
kind = "lan"
unit = "provider-7"
building = "Community House"
"""


@pytest.fixture
def country(house: House) -> House:
    house.add("ida.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("ann.ash", "pdu-N55LEE")
    return house


def unit(house: House, code: str) -> Unit:
    (found,) = [row for row in house.rows(Unit) if row.code == code]
    return found  # type: ignore[no-any-return]


def told(house: House) -> dict[str, dict[str, Any]]:
    """Every unit as the other services would read it."""
    with house.runtime.system_work("test.directory") as work:
        return {one["code"]: one for one in page(work, after=0, limit=500)["units"]}


@pytest.mark.clause("PF-0.1", "PSI-3.1")
def test_a_file_is_previewed_then_loaded_and_told(country: House) -> None:
    wanted = from_toml(FILE)
    seen = preview_of(country.runtime, wanted)
    assert [change.key for change in seen.changes] == [
        "probation-wales",
        "prison-PVI",
        "provider-7",
        "provider-7, Community House",
        "10.77.0.0/24",
    ]
    assert "provider-7" not in {row.code for row in country.rows(Unit)}
    load(country.runtime, wanted)
    assert unit(country, "prison-PVI").contracted
    assert told(country)["provider-7"]["parent"] == "area-53"
    assert told(country)["prison-PVI"]["name"] == "Pentonville (contracted)"
    (entry,) = country.audited(action="estate.load")
    assert entry.facts["kinds"] == {"agency": 1, "unit": 2, "building": 1, "network": 1}
    before = len(country.events("identity.directory.changed"))
    assert load(country.runtime, wanted).changes == ()
    assert len(country.events("identity.directory.changed")) == before


def test_a_file_with_one_wrong_row_changes_nothing(country: House) -> None:
    wrong = from_toml(FILE.replace('parent = "area-53"', 'parent = "area-99"'))
    with pytest.raises(EstateRefused) as refused:
        load(country.runtime, wrong)
    assert refused.value.seen.problems == ("unit provider-7: there is no unit area-99",)
    assert not unit(country, "prison-PVI").contracted
    assert [row for row in country.rows(NetworkRange) if str(row.addresses) == "10.77.0.0/24"] == []


SCOTLAND = """
[[agency]]
code = "police-scotland"
name = "Police Scotland"
kind = "police"

[[unit]]
code = "force-scotland"
name = "Police Scotland"
kind = "force"
agency = "police-scotland"
jurisdiction = "SCT"

[[agency]]
code = "council"
name = "Example Council"
kind = "other"

[[unit]]
code = "authority-E"
name = "Example Council social work"
kind = "authority"
parent = "force-scotland"
agency = "council"
jurisdiction = "SCT"

[[unit]]
code = "group-SPS"
name = "Scottish prisons"
kind = "prison_group"
parent = "force-scotland"
agency = "prison-service"
jurisdiction = "SCT"

[[unit]]
code = "prison-SPS1"
name = "Example prison of Scotland"
kind = "prison"
parent = "group-SPS"
agency = "prison-service"
jurisdiction = "SCT"
"""


@pytest.mark.clause("SC-17.15", "SC-17.3.1")
def test_the_cpc_of_police_scotland_answers_for_every_unit_of_scotland(country: House) -> None:
    """Data Governance manages the register for all of Scotland: and nobody's elsewhere."""
    load(country.runtime, from_toml(SCOTLAND))
    country.add("dora.governance", "force-scotland", tokens=(("cpc", "force-scotland"),))
    disable = {"reason_code": "suspended", "note": ""}
    for who, unit_code in (("sue.work", "authority-E"), ("pete.prison", "prison-SPS1")):
        there = country.add(who, unit_code)
        with pytest.raises(Refusal) as refused:
            run(country, "cora.cpc", "accounts.disable", person_id=there, **disable)
        assert refused.value.contact is not None
        assert (refused.value.code, refused.value.contact.name) == ("R24", "Dora Governance")
        run(country, "dora.governance", "accounts.disable", person_id=there, **disable)
        assert "disabled" in {row.state for row in country.rows(Person) if row.id == there}
    with pytest.raises(Refusal) as refused:
        run(country, "dora.governance", "accounts.disable", person_id=country.people["ann.ash"], **disable)
    assert refused.value.code == "R24"


CLOSING = """
[[unit]]
code = "group-LNDN"
name = "London"
kind = "prison_group"
agency = "prison-service"
jurisdiction = "ENG"
closed_on = 2026-03-01
""" + "".join(
    f"""
[[unit]]
code = "prison-{code}"
name = "{code}"
kind = "prison"
parent = "group-LNDN"
agency = "prison-service"
jurisdiction = "ENG"
closed_on = 2026-03-01
"""
    for code in ("PVI", "WSI")
)


def test_a_file_closes_units_from_the_lowest_up_and_only_where_nobody_is_left(country: House) -> None:
    country.add("pat.prison", "prison-WSI")
    with pytest.raises(EstateRefused) as refused:
        load(country.runtime, from_toml(CLOSING))
    assert "1 person belongs to it" in refused.value.seen.problems[0]
    assert {unit(country, code).closed_on for code in ("group-LNDN", "prison-PVI")} == {None}
    run(country, "ida.admin", "estate.add_unit", **NEW)
    with country.runtime.system_work("test.move") as work:
        work.session.get_one(Person, country.people["pat.prison"]).unit = "group-NEW"
    load(country.runtime, from_toml(CLOSING))
    assert unit(country, "group-LNDN").closed_on == date(2026, 3, 1)
    assert {row.status for row in country.rows(Terminal)} == {"withdrawn"}
    with pytest.raises(EstateRefused) as refused:
        load(country.runtime, from_toml(CLOSING.replace("2026-03-01", "2026-03-03")))
    assert "must not be in the future" in refused.value.seen.problems[0]


NEW = {
    "code": "group-NEW",
    "name": "New group",
    "kind": "prison_group",
    "parent": None,
    "agency": "prison-service",
    "jurisdiction": "ENG",
    "contracted": False,
    "under_18": False,
}


def test_people_of_another_provider_sign_in_from_its_building(country: House) -> None:
    load(country.runtime, from_toml(FILE))
    country.add("otto.other", "provider-7")
    assert country.sign_in("otto.other", Origin("10.77.0.9")).scope == "full"


def test_two_who_load_the_same_file_at_once_load_it_once(country: House) -> None:
    wanted, gate = from_toml(FILE), Barrier(2)

    def attempt(_: int) -> int:
        gate.wait()
        return len(load(country.runtime, wanted).changes)

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(attempt, range(2))) == [0, 5]


def test_an_administrator_adds_renames_moves_and_closes_a_unit_on_pages(app: Flask, country: House) -> None:
    browser = Browser(app, country, "10.5.0.7")
    browser.sign_in("ida.admin")
    form = {
        "code": "pdu-NEW",
        "name": "New unit",
        "kind": "delivery_unit",
        "parent": "area-53",
        "agency": "probation-service",
        "jurisdiction": "ENG",
    }
    wrong = browser.post("/identity/estate/add", form | {"parent": "group-LNDN", "agency": "nobody"})
    assert (wrong.status_code, wrong.text.count("govuk-error-message")) == (422, 2)
    made = browser.post("/identity/estate/add", form)
    assert made.location.startswith("/identity/estate/pdu-NEW")
    assert browser.post("/identity/estate/add", form).status_code == 422
    there = "/identity/estate/pdu-NEW"
    changed = browser.post(f"{there}/change", {"name": "Newer unit", "version": "1"})
    assert changed.status_code == 303
    moved = browser.post(f"{there}/move", {"parent": "area-52"})
    assert moved.status_code == 303
    text = browser.get(there).text
    assert ("Newer unit" in text, "South Yorkshire" in text) == (True, True)
    assert told(country)["pdu-NEW"]["parent"] == "area-52"
    assert browser.post(f"{there}/close", {}).status_code == 303
    assert "Closed on" in browser.get(there).text
    assert unit(country, "pdu-NEW").closed_on == country.today
    assert "Newer unit" in browser.get("/identity/estate?name=newer&kind=delivery_unit").text


def test_nobody_else_changes_the_estate(app: Flask, country: House) -> None:
    for command, given in {
        "estate.move_unit": {"code": "pdu-N55LEE", "parent": "area-52"},
        "estate.close_unit": {"code": "pdu-N55LEE"},
        "agencies.rename": {"code": "prison-service", "name": "Mine"},
    }.items():
        with pytest.raises(Refusal) as refused:
            run(country, "cora.cpc", command, **given)
        assert refused.value.code == "R11"
    browser = Browser(app, country, "10.1.0.7")
    browser.sign_in("ann.ash")
    assert browser.get("/identity/estate/add").status_code == 403
    assert browser.get("/identity/estate/pdu-N55LEE").status_code == 200
    assert browser.get("/identity/estate").status_code == 200
    assert browser.get("/identity/agencies").status_code == 200


def test_a_unit_that_somebody_depends_on_is_not_closed(country: House) -> None:
    for code, why in {
        "pdu-N55LEE": "1 person belongs",
        "area-53": "under it",
        "group-LNDN": "2 open units",
    }.items():
        with pytest.raises(Refusal) as refused:
            run(country, "ida.admin", "estate.close_unit", code=code)
        assert (refused.value.code, why in refused.value.message) == ("R40", True)


@pytest.mark.clause("PF-6.4.1")
def test_a_closed_prison_takes_its_terminals_and_networks_along(country: House) -> None:
    run(country, "ida.admin", "estate.close_unit", code="prison-PVI")
    (terminal,) = [row for row in country.rows(Terminal) if row.unit == "prison-PVI"]
    assert (terminal.status, terminal.withdrawn_reason) == ("withdrawn", "unit_closed")
    with pytest.raises(Refusal) as refused:
        run(country, "ida.admin", "estate.close_unit", code="prison-PVI")
    assert refused.value.code == "R34"
    with pytest.raises(NotFound):
        run(country, "ida.admin", "estate.close_unit", code="prison-nowhere")


def test_a_unit_never_stands_under_itself_and_an_old_edit_is_told(country: House) -> None:
    with pytest.raises(Invalid):
        run(country, "ida.admin", "estate.move_unit", code="area-53", parent="pdu-N55LEE")
    with country.runtime.system_work("test.tree") as work:
        assert above(work.session, "pdu-N55LEE") == ("pdu-N55LEE", "area-53", "region-N55")
    given = {"code": "area-53", "name": "West", "contracted": False, "under_18": False}
    run(country, "ida.admin", "estate.change_unit", **given, version=1)
    with pytest.raises(Stale):
        run(country, "ida.admin", "estate.change_unit", **given | {"name": "Wester"}, version=1)


@pytest.mark.clause("PF-0.4.2", "PSI-3.1")
def test_the_head_of_a_contracted_prison_is_called_director(app: Flask, country: House) -> None:
    country.add("gary.governor", "prison-PVI", roles=(("governor", "prison-PVI"),))
    browser = Browser(app, country, "10.1.0.7")
    browser.sign_in("ann.ash")
    there = "/identity/estate/prison-PVI"
    assert "Governor" in browser.get(there).text
    change = {
        "code": "prison-PVI",
        "name": "Pentonville",
        "contracted": True,
        "under_18": False,
        "version": 1,
    }
    run(country, "ida.admin", "estate.change_unit", **change)
    text = browser.get(there).text
    assert ("Director" in text, "Gary Governor" in text, "Governor</dt>" in text) == (True, True, False)


def test_agencies_are_added_and_renamed(app: Flask, country: House) -> None:
    browser = Browser(app, country, "10.5.0.7")
    browser.sign_in("ida.admin")
    form = {"code": "police-99", "name": "New Police", "kind": "police"}
    assert browser.post("/identity/agencies/add", form).status_code == 303
    assert browser.post("/identity/agencies/add", form).status_code == 422
    assert browser.post("/identity/agencies/police-99/rename", {"name": "Newer Police"}).status_code == 303
    assert "Newer Police" in browser.get("/identity/agencies").text


# ---- The beginning of a real deployment ----


def somebody(username: str, unit: str = "home-office", **more: str) -> FirstPerson:
    return FirstPerson(
        username=username,
        name=username.replace(".", " ").title(),
        email=f"{username}@example.org",
        telephone="020 7946 0000",
        vetting_reference="V1",
        vetting_expires_on=date(2027, 1, 1),
        training_reference="NVTWG-1",
        unit=unit,
        **more,
    )


BEGINNING = Beginning(
    document="HMPPS/2026/1",
    administrator=somebody("ida.admin"),
    network="192.0.2.0/24",
    head=somebody("dora.director", "group-LNDN"),
    cpc=somebody("paul.cpc", "group-LNDN", cpc_training_reference="CPC-1"),
    terminal=FirstTerminal("wsi-001", "prison-WSI", "OMU 3"),
)
PLACE = """
[[building]]
unit = "prison-WSI"
name = "Wormwood Scrubs"
address = "Du Cane Road"

[[network]]
addresses = "10.2.0.0/24"
kind = "lan"
unit = "prison-WSI"
building = "Wormwood Scrubs"
"""


@pytest.fixture
def empty(runtime: Runtime) -> Runtime:
    """An empty database with the country's estate and one prison's network, as an operator loads them."""
    load(runtime, national_estate())
    load(runtime, from_toml(PLACE))
    return runtime


def secret_set_with(runtime: Runtime, clock: FixedClock, made: recovery.MadeCode, origin: Origin) -> str:
    """The person uses the code that was handed over; returns the secret of their new one-time codes."""
    secret = recovery.find(runtime, origin, made.code).secret.replace(" ", "")
    given = {"new_password": PASSWORD, "new_password_again": PASSWORD}
    recovery.use(
        runtime, HOME_OFFICE, made.code, **given, app_code=one_time_codes.code_at(secret, clock.now())
    )
    return secret


def signs_in(runtime: Runtime, clock: FixedClock, username: str, secret: str, origin: Origin) -> Opened:
    clock.at += timedelta(seconds=30)
    step = give_password(runtime, origin, username, PASSWORD)
    code = one_time_codes.code_at(secret, clock.now())
    return give_code(runtime, origin, step, code, secure_office=False)


def sign_everything(runtime: Runtime) -> None:
    """What each of them does on the page of documents."""
    with runtime.system_work("test.sign") as work:
        for person in work.session.query(Person):
            for version in work.session.query(DocumentVersion):
                work.session.add(
                    Signature(
                        person_id=person.id,
                        version_id=version.id,
                        typed_name=person.name,
                        statement="X",
                        text_hash=version.text_hash,
                        signed_at=work.system_now,
                        session_id=person.id,
                    )
                )


@pytest.mark.clause("PF-7/ViSOR Administrative access.2", "PF-4.8/t.4", "PF-5.1", "PF-6.4.1")
def test_a_deployment_begins_with_three_people_and_a_terminal_on_a_documents_word(
    empty: Runtime, clock: FixedClock
) -> None:
    begun = begin(empty, BEGINNING)
    home = Origin("192.0.2.9")
    secret = secret_set_with(empty, clock, begun.administrator, home)
    assert signs_in(empty, clock, begun.administrator.username, secret, home).scope == "onboarding"
    assert [row.username for row in list_people(empty)] == ["dora.director", "ida.admin", "paul.cpc"]
    house = House(empty, clock)
    tokens = {(row.token, row.unit, row.authority) for row in house.rows(TokenGrant)}
    assert tokens == {("admin", "national", "HMPPS/2026/1"), ("cpc", "group-LNDN", "HMPPS/2026/1")}
    (head,) = house.rows(RoleGrant)
    (cpc,) = [row for row in house.rows(TokenGrant) if row.token == "cpc"]
    assert (head.role, cpc.granted_by) == ("prison_group_director", head.person_id)
    (terminal,) = house.rows(Terminal)
    assert (terminal.asset_tag, terminal.status, terminal.document) == ("WSI-001", "approved", "HMPPS/2026/1")
    entries = house.audited(action="users.first_administrator")
    assert sorted(entry.facts["bootstrap"] for entry in entries) == [
        "administrator",
        "cpc",
        "head",
        "terminal",
    ]
    assert begun.terminal is not None
    key = enrol(empty, Origin("10.2.0.9"), "WSI-001", begun.terminal.code)
    assert key
    assert not empty.demonstration


@pytest.mark.clause("PF-6.4.1", "PF-5.1")
def test_from_an_empty_database_to_the_first_cpc_at_the_first_terminal(
    empty: Runtime, clock: FixedClock
) -> None:
    begun = begin(empty, BEGINNING)
    assert begun.terminal is not None
    sign_everything(empty)
    home = Origin("192.0.2.9")
    secret = secret_set_with(empty, clock, begun.administrator, home)
    assert signs_in(empty, clock, begun.administrator.username, secret, home).scope == "full"
    with empty.system_work("test.credentials") as work:
        cpc = work.session.query(Person).filter_by(username="paul.cpc").one()
        handed_over = recovery.make(work, cpc)
    cpcs = secret_set_with(empty, clock, handed_over, Origin("10.2.0.9"))
    with pytest.raises(Refusal) as refused:
        signs_in(empty, clock, "paul.cpc", cpcs, Origin("10.2.0.9"))
    assert refused.value.code == "R09"
    key = enrol(empty, Origin("10.2.0.9"), "WSI-001", begun.terminal.code)
    assert signs_in(empty, clock, "paul.cpc", cpcs, Origin("10.2.0.9", key)).scope == "full"


@pytest.mark.clause("PF-7/ViSOR Administrative access.2")
def test_the_beginning_is_closed_for_good_afterwards(empty: Runtime, clock: FixedClock) -> None:
    begin(empty, BEGINNING)
    other = replace(BEGINNING, administrator=somebody("eve.evil"), head=somebody("x.x", "group-LNDN"))
    with pytest.raises(BeginningRefused, match="done already"):
        begin(empty, other)
    house = House(empty, clock)
    with empty.system_work("test.end") as work:
        for grant in work.session.query(TokenGrant):
            grant.ended_at, grant.end_reason = work.system_now, "Left"
    with pytest.raises(BeginningRefused, match="done already"):
        begin(empty, other)
    assert len(house.audited(action="users.first_administrator", outcome="failed")) == 2
    assert len(house.rows(Person)) == 3


def test_where_somebody_is_administrator_already_nothing_is_begun(house: House) -> None:
    """Whatever way they came to it: a database that was filled or restored has no beginning of its own."""
    house.add("ada.admin", "home-office", tokens=(("admin", "home-office"),))
    with pytest.raises(BeginningRefused, match="done already"):
        begin(house.runtime, BEGINNING)
    assert house.rows(Bootstrap) == []
    assert [row.username for row in house.rows(Person)] == ["ada.admin"]


def test_of_two_who_begin_at_the_same_moment_one_does(empty: Runtime, clock: FixedClock) -> None:
    gate = Barrier(2)

    def attempt(number: int) -> str:
        gate.wait()
        try:
            begin(empty, replace(BEGINNING, administrator=somebody(f"ida.admin{number}")))
        except BeginningRefused:
            return "refused"
        return "begun"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(attempt, range(2))) == ["begun", "refused"]
    assert len(House(empty, clock).rows(Bootstrap)) == 1
    assert len(House(empty, clock).rows(Person)) == 3


def test_a_beginning_that_is_wrong_leaves_the_database_as_it_was(runtime: Runtime, clock: FixedClock) -> None:
    with pytest.raises(BeginningRefused, match="load the estate first"):
        begin(runtime, BEGINNING)
    house = House(runtime, clock)
    assert (house.rows(Person), house.rows(Bootstrap), house.rows(Unit)) == ([], [], [])


@pytest.mark.clause("PF-6.4.1")
def test_an_operator_helps_a_prison_whose_only_terminal_lost_its_key(
    empty: Runtime, clock: FixedClock
) -> None:
    begin(empty, BEGINNING)
    made = operators_code(empty, "wsi-001", "Letter of 3 March")
    clock.at += timedelta(hours=2)
    with pytest.raises(Refusal) as refused:
        enrol(empty, Origin("10.2.0.9"), "WSI-001", made.code)
    assert refused.value.code == "R36"
    made = operators_code(empty, "wsi-001", "Letter of 3 March")
    assert enrol(empty, Origin("10.2.0.9"), "WSI-001", made.code)
    with pytest.raises(Refusal):
        operators_code(empty, "WSI-999", "Letter of 3 March")
    (first, _) = House(empty, clock).audited(action="terminals.make_enrolment_code")
    assert first.facts == {"authority": "Letter of 3 March"}


def test_the_file_that_comes_with_the_suite_is_written_and_never_over_another(tmp_path: Path) -> None:
    def visor(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "deploy.command_line", "estate", "write", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    for ending in ("toml", "csv"):
        there = tmp_path / f"estate.{ending}"
        written = visor(str(there))
        assert (written.returncode, "425" in written.stdout or "units" in written.stdout) == (0, True)
        again = visor(str(there))
        assert (again.returncode, "there already" in again.stderr) == (1, True)
