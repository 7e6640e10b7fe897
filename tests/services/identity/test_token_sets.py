"""Sets of tokens by role: proposed, and confirmed by the CPC."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import pytest
from flask import Flask

from services.identity.token_sets.table import token_sets
from services.identity.tokens.models import RoleGrant, TokenOrder
from shared.refusals import Invalid, NotFound
from tests.services.identity.acting import run
from tests.services.identity.browser import Browser
from tests.services.identity.house import House
from tests.services.identity.test_tokens import NPPV3, code_of


@pytest.fixture
def area(house: House) -> House:
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("ann.ash", "pdu-N55LEE")
    return house


def confirm(house: House, by: str = "cora.cpc", **more: Any) -> Any:
    given = {
        "person_id": house.people["ann.ash"],
        "code": "spo",
        "tokens": ["partner", "supervisor"],
        "roles": ["spo"],
        "unit": "pdu-N55LEE",
        "reason": "Senior probation officer in Leeds",
        "note": None,
    }
    return run(house, by, "token_sets.confirm", **{**given, **more})


@pytest.mark.clause("PSI-7.3.2", "PI-GEIA.6")
def test_the_cpc_confirms_what_a_role_needs(area: House) -> None:
    assert confirm(area) == {"authorised": 2, "granted": 1}
    assert sorted(row.token for row in area.rows(TokenOrder)) == ["partner", "supervisor"]
    assert [row.role for row in area.rows(RoleGrant)] == ["spo"]


@pytest.mark.clause("PSI-7.3.2")
def test_all_of_it_is_done_or_nothing(area: House) -> None:
    confirm(area, tokens=[], roles=["spo"])
    assert code_of(partial(confirm, area)) == "R34"
    assert area.rows(TokenOrder) == []
    for tokens in ([], ["create"]):
        with pytest.raises(Invalid):
            confirm(area, tokens=tokens, roles=[])
    with pytest.raises(NotFound):
        confirm(area, code="security")
    assert code_of(partial(confirm, area, "ann.ash")) == "R11"


@pytest.mark.clause("PI-GEIA.6")
def test_key_teams_of_prisons_and_senior_officers_have_their_sets() -> None:
    by_agency = {one.code: set(one.agencies) for one in token_sets().values()}
    assert by_agency["spo"] == {"probation"}
    assert by_agency["offender_management_unit"] == by_agency["security"] == {"prison"}
    assert not any(
        {"create", "manager"} & {*one.tokens} for one in token_sets().values() if "prison" in one.agencies
    )


@pytest.mark.clause("PSI-7.3.2")
def test_proposing_and_confirming_on_pages(app: Flask, area: House) -> None:
    browser = Browser(app, area, "10.6.0.7")
    browser.sign_in("cora.cpc")
    sets = f"/identity/people/{area.people['ann.ash']}/token-sets"
    assert "Senior probation officer" in browser.get(sets).text
    page = browser.get(f"{sets}/spo/confirm").text
    assert len(re.findall(r'<input[^>]*"checkbox"[^>]* checked', page)) == 3
    form = {"tokens": ["partner"], "unit": "pdu-N55LEE", "reason": "Works in Leeds"}
    assert browser.post(f"{sets}/spo/confirm", form).status_code == 303
    assert [row.token for row in area.rows(TokenOrder)] == ["partner"]


@pytest.mark.clause("PSI-7.3.2", "PF-4.16a.1")
def test_nobody_else_is_proposed_what_to_grant(app: Flask, area: House) -> None:
    """Neither the sets nor the form, which says what the person holds."""
    browser = Browser(app, area, "10.6.0.7")
    browser.sign_in("ann.ash")
    sets = f"/identity/people/{area.people['ann.ash']}/token-sets"
    for page in (sets, f"{sets}/spo/confirm"):
        answer = browser.get(page)
        assert (answer.status_code, "Refusal R11" in answer.text) == (403, True)
