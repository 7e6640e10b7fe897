"""Where people read what the words mean and how to be trained."""

from __future__ import annotations

import pytest
from flask import Flask

from services.identity.help.glossary import terms
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, House


@pytest.mark.clause("PF-0.6.1", "PF-0.6.2")
def test_every_term_of_the_framework_has_its_meaning_and_a_place_to_link_to(house: House, app: Flask) -> None:
    page = Browser(app, house, LEEDS.address).get("/identity/help/glossary").text
    assert len(terms()) == 30
    assert len({term.anchor for term in terms()}) == 30
    for term in terms():
        assert f'id="{term.anchor}"' in page
        assert term.clause in page
    assert "offender" not in " ".join(term.meaning for term in terms()).lower().replace("offender manage", "")


@pytest.mark.clause("PF-7/CPC Prison.6", "PSI-7.4.2")
def test_help_leads_to_training(house: House, app: Flask) -> None:
    page = Browser(app, house, LEEDS.address).get("/identity/help").text
    for place in ("sessions", "courses", "trainers"):
        assert f'href="/identity/training/{place}"' in page
    assert "ViSOR Training Manual" in page
    assert 'href="/identity/help/glossary"' in page
