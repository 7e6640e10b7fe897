"""The onboarding checklist and queue, as the newcomer and the CPC see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from services.identity.service import service
from tests.services.identity.acting import principal, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, House
from tests.services.identity.newcomers import cleared, created, nominate, refusal, row_of, staff, state

TYPED = {
    "name": "Ned Newcomer",
    "position": "probation_officer",
    "job_title": "Probation officer",
    "email": "ned@example.org",
    "telephone": "0113 496 0002",
    "unit": "pdu-N55LEE",
}


@pytest.fixture
def staffed(house: House) -> House:
    staff(house)
    return house


def queue(house: House, by: str, **given: Any) -> list[tuple[str, str | None]]:
    asked = service.declarations.queries["accounts.onboarding_queue"]
    answer = house.runtime.ask(asked, principal(house, by), {"unit": "", "page": 1, **given})
    return [(line["person"].name, line["priority"]) for line in answer["people"]]


@pytest.mark.clause("PS-8.1")
def test_the_queue_puts_senior_probation_officers_first_then_the_business_critical(staffed: House) -> None:
    for name, position in (
        ("First Officer", "probation_officer"),
        ("Second Administrator", "mappa_administrator"),
        ("Third Senior", "senior_probation_officer"),
        ("Fourth Officer", "probation_officer"),
    ):
        nominate(staffed, name=name, position=position)
    assert queue(staffed, "cora.cpc") == [
        ("Third Senior", "spo"),
        ("Second Administrator", "business_critical"),
        ("First Officer", None),
        ("Fourth Officer", None),
    ]
    last = staffed.people["fourth.officer"]
    given: dict[str, Any] = {"person_id": last, "priority": "business_critical"}
    assert refusal(staffed, "nora.nominee", "accounts.prioritise", **given).code == "R24"
    run(staffed, "cora.cpc", "accounts.prioritise", **given)
    assert queue(staffed, "cora.cpc")[2] == ("Fourth Officer", "business_critical")


def test_everybody_sees_only_the_newcomers_of_their_own(staffed: House) -> None:
    nominate(staffed, name="Lea Leeds")
    nominate(staffed, "lena.lead", name="Pru Prison", unit="prison-WSI", position="security_staff")
    staffed.add("olga.other", "area-52", tokens=(("cpc", "area-52"),))
    assert [name for name, _priority in queue(staffed, "cora.cpc")] == ["Lea Leeds"]
    assert [name for name, _priority in queue(staffed, "nora.nominee")] == ["Lea Leeds"]
    assert [name for name, _priority in queue(staffed, "lena.lead")] == ["Pru Prison"]
    assert [name for name, _priority in queue(staffed, "ida.admin")] == ["Lea Leeds", "Pru Prison"]
    assert [name for name, _priority in queue(staffed, "ida.admin", unit="group-LNDN")] == ["Pru Prison"]
    assert queue(staffed, "olga.other") == []


def test_an_arrived_newcomer_leaves_the_queue(staffed: House) -> None:
    made = created(staffed)
    assert len(queue(staffed, "cora.cpc")) == 1
    credential(staffed, made)
    staffed.sign_in(row_of(staffed, made).username, LEEDS)
    assert queue(staffed, "cora.cpc") == []


def credential(house: House, made: UUID) -> None:
    with house.runtime.system_work("test.credential") as work:
        house._credential(work.session, made, work.system_now)


@pytest.mark.clause("PF-4.3.1", "PF-5.9.4", "PF-4.16/A.6", "PF-4.16a.1")
def test_from_nomination_to_account_on_pages(app: Flask, staffed: House) -> None:
    nora, cora, ida = (Browser(app, staffed, address) for address in ("10.1.0.7", "10.6.0.7", "10.5.0.7"))
    nora.sign_in("nora.nominee")
    cora.sign_in("cora.cpc")
    ida.sign_in("ida.admin")

    assert nora.post("/identity/onboarding/nominate", TYPED | {"telephone": ""}).status_code == 422
    answer = nora.post("/identity/onboarding/nominate", TYPED)
    assert answer.status_code == 303, answer.text
    page = answer.location.split("?")[0]
    person = page.split("/")[3]
    here = f"/identity/people/{person}"
    shown = nora.get(answer.location).text
    for words in (
        "NPPV level 2 or 3 must be cleared",
        "SyOPs must be read",
        "mailto:ned@example.org",
        "PF-6.3",
    ):
        assert words in shown
    refused = nora.post(f"{here}/request", {"reason": "Joins the team"}).text
    assert "Refusal R01" in refused
    assert (
        "Ned Newcomer lacks current vetting (NPPV level 2 or 3) and passed accredited ViSOR training"
        in refused
    )

    cleared(staffed, UUID(person))
    assert "Ned Newcomer" in cora.get("/identity/onboarding").text
    assert nora.post(f"{here}/request", {"reason": "Joins the team"}).status_code == 303
    assert "Authorise the account" in cora.get(page).text
    assert "Authorise the account" not in nora.get(page).text
    assert cora.post(f"{here}/authorise", {}).status_code == 422
    assert cora.post(f"{here}/authorise", {"confirmed": "true"}).status_code == 303
    assert "Create the account" in ida.get(page).text
    made = ida.post(f"{here}/account/create", {"username": "ned.newcomer"})
    assert made.location.split("?")[0].endswith("/first-credentials")
    assert "shown this once" in ida.post(f"{here}/first-credentials", {}).text
    own = f"/identity/people/{staffed.people['ida.admin']}/first-credentials"
    assert "Refusal R23" in ida.post(own, {}).text
    assert "Refusal R11" in nora.post(f"{here}/first-credentials", {}).text
    assert state(staffed, UUID(person)) == "created"


@pytest.mark.clause("PF-4.3.1", "PF-6.3")
def test_a_newcomer_sees_their_checklist_in_a_session_that_opens_nothing_else(
    app: Flask, staffed: House
) -> None:
    made = nominate(staffed)
    cleared(staffed, made, trained=False, signed=False)
    credential(staffed, made)
    browser = Browser(app, staffed, "10.1.0.7")
    assert browser.sign_in(row_of(staffed, made).username).status_code == 303
    page = browser.get("/identity/my-onboarding").text
    for words in ("SyOPs must be read and signed", "An accredited ViSOR course must be passed", "Cora Cpc"):
        assert words in page
    assert "/identity/documents" in page
    for path in ("/identity/people", "/identity/onboarding", f"/identity/people/{made}/onboarding"):
        answer = browser.get(path)
        assert (path, answer.status_code, "Refusal R06" in answer.text) == (path, 403, True)


def test_a_checklist_is_shown_to_those_who_act_on_it(app: Flask, staffed: House) -> None:
    made = nominate(staffed)
    staffed.add("ann.ash", "pdu-N55LEE")
    browser = Browser(app, staffed, "10.1.0.7")
    browser.sign_in("ann.ash")
    assert "Refusal R32" in browser.get(f"/identity/people/{made}/onboarding").text
    assert "Refusal R32" in browser.get("/identity/onboarding").text


@pytest.mark.clause("PF-4.16/A.6")
def test_the_cpc_names_a_nominee_on_a_page(app: Flask, staffed: House) -> None:
    staffed.add("ann.ash", "pdu-N55LEE")
    browser = Browser(app, staffed, "10.6.0.7")
    browser.sign_in("cora.cpc")
    page = "/identity/onboarding/nominees/new"
    assert browser.post(page, {"username": "nobody", "unit": "area-53"}).status_code == 422
    assert browser.post(page, {"username": "ann.ash", "unit": "pdu-N55LEE"}).status_code == 303
    listed = browser.get("/identity/onboarding/nominees").text
    assert "Ann Ash" in listed
    assert "Nora Nominee" in listed
