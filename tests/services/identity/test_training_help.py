"""Where people read what the words mean and how to be trained."""

from __future__ import annotations

import pytest
from flask import Flask
from markupsafe import escape

from shared.reference.glossary import term, terms, terms_on
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, House


@pytest.mark.clause("PF-0.6.1", "PF-0.6.2")
def test_every_term_of_the_framework_has_its_meaning_and_a_place_to_link_to(house: House, app: Flask) -> None:
    page = Browser(app, house, LEEDS.address).get("/identity/help/glossary").text
    assert len(terms()) == 30
    assert len({one.anchor for one in terms()}) == 30
    for one in terms():
        assert f'id="{one.anchor}"' in page
        assert one.clause in page
    assert "offender" not in " ".join(one.meaning for one in terms()).lower().replace("offender manage", "")


@pytest.mark.clause("PF-0.6.1", "PF-0.6.2")
def test_a_page_explains_the_terms_of_its_headings_and_labels_in_place(house: House, app: Flask) -> None:
    house.add("cora.cpc", "area-53", vetting=("nppv3", -100, 900), tokens=(("cpc", "area-53"),))
    browser = Browser(app, house, "10.6.0.7")
    browser.sign_in("cora.cpc")
    page = browser.get("/identity/people").text
    assert "<details" in page
    assert str(escape(term("White pages").meaning)) in page
    assert 'href="/identity/help/glossary#white-pages"' in page
    assert "Bulk partner" not in page.partition("<details")[2]


def test_terms_are_found_in_labels_and_not_in_what_people_wrote() -> None:
    def on(html: str) -> list[str]:
        return [one.word for one in terms_on(html)]

    assert on("<h1>CPC’s console</h1>") == ["CPC (prison)", "CPC (probation)"]
    assert on("<th>Manager</th><label>Line manager</label><p>Partner</p>") == ["Manager"]
    assert on("<dt><b>Partners</b></dt>") == ["Partner"]
    assert on("<label>Line manager</label><p>The CPC and the LPC</p>") == []
    assert on("<legend>Tokens</legend><h2>Activity logs</h2>") == ["Activity log", "ViSOR tokens"]
    with pytest.raises(KeyError):
        term("Offender")


@pytest.mark.clause("PF-7/CPC Prison.6", "PSI-7.4.2")
def test_help_leads_to_training(house: House, app: Flask) -> None:
    page = Browser(app, house, LEEDS.address).get("/identity/help").text
    for place in ("sessions", "courses", "trainers"):
        assert f'href="/identity/training/{place}"' in page
    assert "ViSOR Training Manual" in page
    assert 'href="/identity/help/glossary"' in page
