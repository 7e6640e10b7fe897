"""Units and people chosen by name: what is offered to whom, and the step between typing and choosing."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from services.identity.people.models import Person
from shared.web.forms import finding
from tests.services.identity.browser import Browser
from tests.services.identity.house import House

NPPV3 = ("nppv3", -100, 900)
NOMINATE = "/identity/onboarding/nominate"
CARD = {
    "name": "Nora Newcomer",
    "position": "probation_officer",
    "job_title": "Probation officer",
    "email": "n@example.org",
    "telephone": "0113 496 0",
}


@pytest.fixture
def staffed(house: House) -> House:
    house.add(
        "ida.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"), ("cpc", "region-N55"))
    )
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("ruth.ackroyd", "pdu-N55LEE", tokens=(("manager", "pdu-N55LEE"),))
    house.add("ruth.reader", "prison-WSI", tokens=(("partner", "prison-WSI"),))
    left = house.add("lena.left", "pdu-N55LEE")
    with house.runtime.system_work("test.leave") as work:
        person = work.session.get_one(Person, left)
        person.state, person.disabled_reason = "archived", "left"
    return house


def arrive(app: Flask, house: House, username: str, address: str) -> Browser:
    browser = Browser(app, house, address)
    browser.sign_in(username)
    return browser


def offered(page: str, name: str) -> list[str]:
    """The values among which the field may be chosen."""
    radios = re.findall(rf'<input[^>]*name="{name}"[^>]*type="radio"[^>]*value="([^"]*)"', page)
    (select,) = re.findall(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL) or [""]
    return radios or [value for value in re.findall(r'<option value="([^"]*)"', select) if value]


def test_whoever_answers_for_an_area_is_offered_its_units(app: Flask, staffed: House) -> None:
    page = arrive(app, staffed, "cora.cpc", "10.6.0.7").get(NOMINATE).text
    assert offered(page, "unit") == ["pdu-N55LEE", "area-53"]
    page = arrive(app, staffed, "ida.admin", "10.5.0.7").get(NOMINATE).text
    assert {"home-office", "prison-WSI", "pdu-N55LEE", "force-13"} <= set(offered(page, "unit"))


def test_where_there_are_many_one_types_and_chooses(
    app: Flask, staffed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_LISTED", 3)
    browser = arrive(app, staffed, "ida.admin", "10.5.0.7")
    found = browser.post(NOMINATE, {**CARD, "unit-find": "yorkshire", "_find": "unit"})
    assert found.status_code == 200
    assert set(offered(found.text, "unit")) == {"area-53", "area-52", "pdu-N55LEE", "force-13", "region-N55"}
    assert 'value="Nora Newcomer"' in found.text
    sent = browser.post(NOMINATE, {**CARD, "unit-find": "yorkshire"}, NOMINATE)
    assert sent.status_code == 422
    assert "Choose the unit from what was found" in sent.text
    assert "No unit was found" in browser.post(NOMINATE, {**CARD, "unit-find": "Atlantis"}).text
    misspelt = browser.post(NOMINATE, {**CARD, "unit-find": "Pentonvile", "_find": "unit"})
    assert offered(misspelt.text, "unit") == ["prison-PVI"]
    chosen = {
        "unit-find": "yorkshire",
        "unit-for": "yorkshire",
        "unit": "area-53",
        "line_manager-find": "Ruth Ackroyd",
    }
    assert browser.post(NOMINATE, {**CARD, **chosen}).status_code == 303
    (made,) = [row for row in staffed.rows(Person) if row.name == "Nora Newcomer"]
    assert (made.unit, made.line_manager) == ("area-53", staffed.people["ruth.ackroyd"])


def test_people_are_found_by_name_and_the_search_is_audited(app: Flask, staffed: House) -> None:
    browser = arrive(app, staffed, "cora.cpc", "10.6.0.7")
    page = browser.post(NOMINATE, {**CARD, "line_manager-find": "ruth", "_find": "line_manager"})
    assert offered(page.text, "line_manager") == ["ruth.ackroyd", "ruth.reader", ""]
    assert "Wormwood Scrubs" in page.text
    misspelt = browser.post(NOMINATE, {**CARD, "line_manager-find": "Akroyd", "_find": "line_manager"})
    assert offered(misspelt.text, "line_manager") == ["ruth.ackroyd", ""]
    gone = browser.post(NOMINATE, {**CARD, "line_manager-find": "lena", "_find": "line_manager"})
    assert offered(gone.text, "line_manager") == []
    entries = staffed.audited(action="people.find", actor=staffed.people["cora.cpc"])
    assert [entry.outcome for entry in entries] == ["viewed"] * len(entries)
    assert len(entries) >= 3


def test_whatever_is_typed_is_answered(app: Flask, staffed: House) -> None:
    browser = arrive(app, staffed, "cora.cpc", "10.6.0.7")
    for typed in ("%", "_", "' or 1=1", "x" * 5000, "a " * 90):
        page = browser.post(NOMINATE, {**CARD, "line_manager-find": typed, "unit": typed})
        assert page.status_code == 422
        assert "Line manager" in page.text
    token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page.text)
    assert token
    form = {**CARD, "csrf_token": token[1], "line_manager-find": "\x00", "unit": "\x00"}
    # A page that gives back a NUL is no valid HTML, so that this one is not checked.
    assert browser.client.post(NOMINATE, data=form, **browser.where).status_code == 422
