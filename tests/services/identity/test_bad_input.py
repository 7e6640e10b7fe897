"""Bad input on identity's pages: a message in each field, nothing typed lost, and nothing changed."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from services.identity.people.models import Person
from services.identity.service import Base
from services.identity.training.schemas import CertificateInput
from tests.services.files.visitor import PDF, pdf
from tests.services.identity.acting import run
from tests.services.identity.browser import Browser
from tests.services.identity.house import House

# What every answer, right or wrong, leaves behind.
_OF_EACH_REQUEST = {"audit_entry", "sign_in_session", "once"}
NPPV3 = ("nppv3", -100, 300)


@pytest.fixture
def cora(app: Flask, house: House) -> Browser:
    house.add("ida.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("nora.new", "pdu-N55LEE", trained=False)
    browser = Browser(app, house, "10.6.0.7")
    browser.sign_in("cora.cpc")
    return browser


def course(house: House, *, approved: bool) -> UUID:
    given = {"code": f"C-{approved}", "title": "ViSOR", "kind": "user", "taught_by": "college"}
    made = UUID(run(house, "ida.admin", "training.add_course", **given)["id"])
    if approved:
        days = {"reference": "NVTWG-3", "first_day": house.today - timedelta(days=500), "last_day": None}
        run(house, "ida.admin", "training.approve_course", course_id=made, **days)
    return made


def rows(house: House) -> dict[str, int]:
    """How many rows each table holds; what changes without a new row would have to be told, so events count too."""
    with house.runtime.system_work("test.count") as work:
        return {
            table.name: work.session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
            if table.name not in _OF_EACH_REQUEST
        }


def on(field: str, day: date) -> dict[str, str]:
    return {f"{field}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def wrong(browser: Browser, page: str, form: dict[str, Any], *fields: str) -> str:
    """Sends it: each of these fields, and no other, has its message, in the summary and beside it."""
    before = rows(browser.house)
    answer = browser.post(page, form)
    assert answer.status_code == 422, answer.text
    said = {field.removesuffix("-day") for field in form if f'href="#{field}"' in answer.text}
    assert said == set(fields)
    assert rows(browser.house) == before
    return answer.text


@pytest.mark.clause("PF-6.1.1")
def test_a_vetting_date_in_the_future(cora: Browser) -> None:
    today = cora.house.today
    page = f"/identity/people/{cora.house.people['nora.new']}/vetting/record"
    cora.confirm(page)
    form = {
        "kind": "nppv2",
        "reference": "V/4711",
        "vetting_force": "West Yorkshire Police",
        "evidence": "File 7",
        **on("cleared_on", today + timedelta(days=1)),
        **on("expires_on", today + timedelta(days=400)),
    }
    text = wrong(cora, page, form, "cleared_on")
    assert 'value="V/4711"' in text
    both = {**form, **on("expires_on", today)}
    assert 'value="File 7"' in wrong(cora, page, both, "cleared_on", "expires_on")


@pytest.mark.clause("PF-6.2.2", "PF-4.6")
def test_a_course_that_is_not_approved_and_a_certificate_that_is_none(
    cora: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved, other = course(cora.house, approved=True), course(cora.house, approved=False)
    page = f"/identity/people/{cora.house.people['nora.new']}/training/certificates/new"

    def form(course_id: UUID, content: bytes, **more: Any) -> dict[str, Any]:
        taken = on("awarded_on", cora.house.today - timedelta(days=30))
        file = (BytesIO(content), "certificate.pdf")
        return {"course_id": str(course_id), "number": "COP/4711", **taken, "certificate": file, **more}

    assert 'value="COP/4711"' in wrong(cora, page, form(other, PDF), "course_id")
    assert 'value="COP/4711"' in wrong(cora, page, form(approved, b"GIF89a" + b"\0" * 60), "certificate")
    monkeypatch.setattr(CertificateInput._declared_fields["certificate"], "most", 64 * 1024)
    assert 'value="COP/4711"' in wrong(cora, page, form(approved, pdf(64 * 1024 + 1)), "certificate")
    ahead = on("awarded_on", cora.house.today + timedelta(days=1))
    wrong(cora, page, form(approved, PDF, **ahead), "awarded_on")


@pytest.mark.clause("PF-4.16/A.6")
def test_an_unknown_unit(cora: Browser) -> None:
    form = {
        "name": "Polly Post",
        "job_title": "Probation officer",
        "email": "polly.post@example.org",
        "telephone": "0113 496 0000",
        "unit": "pdu-nowhere",
    }
    text = wrong(cora, "/identity/onboarding/nominate", form, "unit")
    assert 'value="Polly Post"' in text
    assert [row for row in cora.house.rows(Person) if row.name == "Polly Post"] == []
