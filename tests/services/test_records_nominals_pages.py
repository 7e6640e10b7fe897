"""The pages of records as somebody at a browser uses them: valid, one heading, nothing personal in an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.records import capabilities
from shared.access import credentials
from shared.access.credentials import Verifier
from shared.access.principal import Principal
from shared.clock import SystemClock
from shared.ids import new_id
from shared.keys import SigningKeys
from shared.keys.signing_keys import ACCESS_TOKENS
from shared.web.application import create_application
from tests.page_checks import check_page
from tests.servers.records import LEEDS, PRISON, WEST_YORKSHIRE, World

FORM = re.compile(r'name="(csrf_token|_once)" value="([^"]*)"')
WHY = "She was received into our prison this morning and I must ask for partnership."


class Browser:
    """One person at the pages: each page fetched is checked, each form posted with its own hidden fields."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, url: str, *, status: int = 200) -> str:
        return self._checked(self.client.get(url, headers=self.headers), url, status)

    def post(self, url: str, *, status: int, **fields: object) -> str:
        """Fetches the form first, as a person does."""
        hidden = dict(FORM.findall(self.get(url)))
        answer = self.client.post(url, data={**hidden, **fields}, headers=self.headers)
        if answer.status_code == 303 == status:
            return str(answer.headers["Location"])
        return self._checked(answer, url, status)

    def _checked(self, answer: TestResponse, url: str, status: int) -> str:
        assert answer.status_code == status, answer.text[:2000]
        if answer.mimetype == "text/html" and status != 303:
            check_page(answer.text, url)
            assert answer.headers["Cache-Control"] == "no-store"
        return str(answer.headers.get("Location", "")) if status == 303 else answer.text


@pytest.fixture
def app(records: World, tmp_path: Path) -> Iterator[Flask]:
    templates = sorted(Path(capabilities.__file__).parent.glob("*/templates"))
    signing = SigningKeys(tmp_path, ACCESS_TOKENS)
    verifier = Verifier(lambda _issuer: signing.public_keys(), SystemClock())
    made = create_application(records.runtime, verifier, capabilities.PAGES, templates)
    made.extensions["signing"] = signing
    yield made
    with made.app_context():
        made.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def browse(app: Flask) -> object:
    def as_(who: Principal) -> Browser:
        token = credentials.issue(who, app.extensions["signing"].current, SystemClock())
        return Browser(app.test_client(), token)

    return as_


@pytest.fixture
def administrator(records: World) -> Principal:
    return records.person(
        LEEDS, "create", "partner", "manager", roles=("tasked_with_creation",), name="Ada Min"
    )


@pytest.mark.clause("PF-7/Nominal Summary.1", "PF-7/Nominal Summary.2", "PF-7/HMPPS OM summary.1")
def test_the_front_page_shows_the_overview(records: World, browse: object, administrator: Principal) -> None:
    officer = records.person(PRISON, "partner", name="Petra Prison")
    cpc = records.person(WEST_YORKSHIRE, "cpc", name="Colin Cpc")
    nominal = records.nominal(
        aliases=("Daz Sample",),
        partners=(officer,),
        numbers={"noms": "A1234BC"},
        manager_id=administrator.person_id,
        pom_id=officer.person_id,
        custody_prison=PRISON,
        risk_level="very_high",
        address="1 Example Street",
    )
    page = browse(administrator).get(f"/records/nominals/{nominal}")  # type: ignore[operator]
    for shown in (
        "Darren Alan Example",
        "V10000001",
        "NOMS A1234BC",
        "Very high",
        "Level 2",
        "Daz Sample",
        "Ada Min",
        "Petra Prison",
        "POM",
        "Leeds",
        "1 user",
        "Colin Cpc",
        "1 Example Street",
        f"/identity/people/{cpc.person_id}",
        f"/notifications/nominals/{nominal}/deadlines",
    ):
        assert shown in page, shown
    assert "offender" not in page.lower().replace("hmpps offender manager", "")


@pytest.mark.clause("PF-7/Accessing.1", "PF-7/Accessing.3")
def test_who_is_not_partnered_is_asked_first_and_again_with_the_reason_filled_in(
    records: World, browse: object
) -> None:
    who = records.person(PRISON, "partner")
    nominal, other = records.nominal(), records.nominal(surname="Other")
    browser = browse(who)  # type: ignore[operator]
    form = browser.get(f"/records/nominals/{nominal}", status=303)
    assert form == f"/records/nominals/{nominal}/open"

    again = browser.post(form, status=422, reason_type="custody", reason="too short")
    assert "characters or more" in again
    assert "The Central Point of Contact (CPC) of West Yorkshire will be told" in again
    target = browser.post(form, status=303, reason_type="custody", reason=WHY)
    page = browser.get(target)
    assert "You are not partnered to this record" in page
    assert "Request partnership" in page
    assert len(records.events("records.nominal.accessed_unpartnered")) == 1

    browser.post(f"/records/nominals/{other}/open", status=303, reason_type="custody", reason=WHY)
    assert browser.get(f"/records/nominals/{nominal}", status=303) == form
    assert WHY in browser.get(form)


def test_a_search_is_posted_and_stands_in_no_address(records: World, browse: object) -> None:
    who = records.person(PRISON, "partner")
    nominal = records.nominal()
    records.nominal(surname="Exemple", limited_access=True)
    browser = browse(who)  # type: ignore[operator]
    found = browser.post("/records/search", status=200, surname="Exampel")
    assert f"/records/nominals/{nominal}" in found
    assert "A record with limited access" in found
    assert 'method="get"' not in found
    assert "Say more about the person" in browser.post("/records/search", status=422)
    assert "Nobody was found" in browser.post("/records/search", status=200, surname="Zzyzx")
    assert "Search nominals" in browser.get("/records/search")


def test_a_nominal_is_created_from_its_referral(
    records: World, browse: object, administrator: Principal
) -> None:
    browser = browse(administrator)  # type: ignore[operator]
    person = {
        "category": "2",
        "level": "2",
        "forenames": "Darren Alan",
        "surname": "Example",
        "date_of_birth-day": "3",
        "date_of_birth-month": "4",
        "date_of_birth-year": "1979",
        "sex": "male",
        "pnc": "02/73319Z",
    }
    registered = {
        "registered_on-day": "31",
        "registered_on-month": "3",
        "registered_on-year": "2026",
        "unit": LEEDS,
    }
    browser.post("/records/referrals/register", status=303, **person, **registered)
    waiting = browser.get("/records/referrals")
    [link] = re.findall(r'href="(/records/nominals/create\?referral_id=[^"]+)"', waiting)
    form = browser.get(link)
    assert 'value="Example"' in form

    referral = {"referral_id": link.partition("=")[2]}
    wrong = browser.post(link, status=422, **{**person, "pnc": "02/73319A"}, **referral, managing_unit=LEEDS)
    assert "The last letter of this PNC number does not fit" in wrong
    target = browser.post(link, status=303, **person, **referral, managing_unit=LEEDS)
    assert "The record was created." in browser.get(target)
    assert "Record created" in browser.get("/records/referrals?status=created")


@pytest.mark.clause("PF-4.16m.2")
def test_a_likely_duplicate_comes_back_with_what_was_typed(
    records: World, browse: object, administrator: Principal
) -> None:
    records.nominal()
    browser = browse(administrator)  # type: ignore[operator]
    typed = {
        "category": "2",
        "level": "2",
        "forenames": "Darren",
        "surname": "Example",
        "date_of_birth-day": "3",
        "date_of_birth-month": "4",
        "date_of_birth-year": "1979",
        "managing_unit": LEEDS,
        "address": "Typed with care",
    }
    page = browser.post("/records/nominals/create", status=409, **typed)
    assert "A record with this name and date of birth exists: V10000001." in page
    assert "Somebody on the register may be this person" in page
    assert "100 of 100" in page
    assert "same name, same date of birth" in page
    assert "Typed with care" in page
    reason = "His twin brother, of the same name: both were seen."
    browser.post("/records/nominals/create", status=303, **typed, duplicate_reason=reason)


@pytest.mark.clause("PF-7/CPC Prison.2", "PF-7/ViSOR Tokens.2")
def test_who_may_not_create_hears_it_before_typing(records: World, browse: object) -> None:
    prison = browse(records.person(PRISON, "partner"))  # type: ignore[operator]
    assert "Prisons do not own nominal records" in prison.get("/records/nominals/create", status=422)
    partner = browse(records.person(LEEDS, "partner"))  # type: ignore[operator]
    assert "You need the create token" in partner.get("/records/nominals/create", status=403)


def test_the_summary_is_changed_and_a_late_change_shows_both(
    records: World, browse: object, administrator: Principal
) -> None:
    abroad = records.person(PRISON, "partner", name="Petra Prison")
    nominal = records.nominal(
        manager_id=administrator.person_id, com_id=abroad.person_id, address="1 Example Street"
    )
    browser = browse(administrator)  # type: ignore[operator]
    url = f"/records/nominals/{nominal}/change"
    form = browser.get(url)
    # Whoever it is now is offered too, so that saving keeps them.
    assert "Petra Prison" in form
    kept = {"offender_manager_id": str(abroad.person_id), "general_comments": ""}
    version = re.findall(r'name="version" value="(\d+)"', form)[0]
    browser.post(url, status=303, version=version, address="2 Example Street", **kept)
    about = re.findall(r'<span class="govuk-caption-l">([^<]+)', form)[0]
    late = browser.post(url, status=409, version=version, address="3 Example Street", **kept)
    assert about.endswith("Darren Alan Example")
    assert f'<span class="govuk-caption-l">{about}' in late
    assert "2 Example Street" in late
    assert "3 Example Street" in late


def test_lists(records: World, browse: object, administrator: Principal) -> None:
    mine = records.nominal(manager_id=administrator.person_id)
    cpc = records.person(WEST_YORKSHIRE, "cpc", "partner")
    browser = browse(administrator)  # type: ignore[operator]
    assert f"/records/nominals/{mine}" in browser.get("/records/nominals?standing=manager")
    assert "There are none in this part" in browser.get("/records/nominals?standing=partner")
    visitor = records.person(PRISON, "partner", name="Petra Prison")
    records.run("access.open", visitor, nominal_id=mine, reason_type="custody", reason=WHY)
    for url in ("/records/access-history", f"/records/nominals/{mine}/access-history"):
        page = browse(cpc).get(url)  # type: ignore[operator]
        assert WHY in page
        assert "Petra Prison" in page


def test_a_refusal_names_rule_clause_and_contact(records: World, browse: object) -> None:
    records.person(WEST_YORKSHIRE, "cpc", name="Colin Cpc")
    nominal = records.nominal(limited_access=True)
    page = browse(records.person(PRISON, "partner")).get(f"/records/nominals/{nominal}", status=403)  # type: ignore[operator]
    for shown in ("Access to this record is limited. Contact Colin Cpc, 0113 496 0000.", "R15", "PF-4.16l.2"):
        assert shown in page


def test_what_is_not_there(browse: object, administrator: Principal) -> None:
    browser = browse(administrator)  # type: ignore[operator]
    browser.get(f"/records/nominals/{new_id()}", status=404)
    browser.get(f"/records/nominals/create?referral_id={UUID(int=1)}", status=404)
    browser.get("/records/nominals/create?referral_id=nonsense", status=404)
