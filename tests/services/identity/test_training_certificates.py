"""College of Policing certificates: real bytes in, accepted by the CPC, and the pages on which it is done."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from services.identity.service import service
from services.identity.training.models import Certificate, TrainingRecord
from services.identity.training.schemas import CertificateInput
from shared.files import Arriving
from shared.refusals import Invalid, Refusal
from tests.services.files.visitor import PDF, pdf
from tests.services.identity.acting import run
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, House

DAYS = timedelta(days=1)


@pytest.fixture
def college(house: House) -> UUID:
    """An approved course of the College; Nora took it, Cora is her CPC."""
    house.add("ada.admin", "home-office", vetting=("nppv3", -100, 300), tokens=(("admin", "home-office"),))
    house.add("cora.cpc", "area-53", vetting=("nppv3", -100, 300), tokens=(("cpc", "area-53"),))
    house.add("nora.new", "pdu-N55LEE", trained=False)
    given = {"code": "COP-1", "title": "College of Policing ViSOR", "kind": "user", "taught_by": "college"}
    course_id = UUID(run(house, "ada.admin", "training.add_course", **given)["id"])
    approval = {"reference": "NVTWG-3", "first_day": house.today - 500 * DAYS, "last_day": None}
    run(house, "ada.admin", "training.approve_course", course_id=course_id, **approval)
    return course_id


def arrived(house: House, content: bytes = PDF) -> Arriving:
    arriving = house.runtime.files.arrive("certificate.pdf", 10_000)
    arriving.write(content)
    arriving.seek(0)
    return arriving


def given(house: House, course_id: UUID, **more: Any) -> dict[str, Any]:
    return {
        "person_id": house.people["nora.new"],
        "course_id": course_id,
        "number": "COP/4711",
        "awarded_on": house.today - 90 * DAYS,
        "certificate": arrived(house),
        **more,
    }


def bring(house: House, course_id: UUID, by: str = "cora.cpc", **more: Any) -> UUID:
    return UUID(run(house, by, "training.bring_certificate", **given(house, course_id, **more))["id"])


@pytest.mark.clause("PF-4.6", "PF-5.6.3")
def test_a_certificate_counts_once_the_cpc_has_accepted_it(house: House, college: UUID) -> None:
    certificate = bring(house, college)
    assert [row.person_id for row in house.rows(TrainingRecord)].count(house.people["nora.new"]) == 0
    with pytest.raises(Refusal) as refusal:
        house.sign_in("nora.new", LEEDS)
    assert refusal.value.code == "R04"
    run(house, "cora.cpc", "training.accept_certificate", certificate_id=certificate)
    (record,) = [row for row in house.rows(TrainingRecord) if row.person_id == house.people["nora.new"]]
    assert (record.provider, record.approval_reference) == ("College of Policing", "NVTWG-3")
    assert record.delivered_on == house.today - 90 * DAYS
    house.sign_in("nora.new", LEEDS)
    assert len(house.events("identity.e_learning.owed")) == 1


@pytest.mark.clause("PF-4.6")
def test_who_brings_and_who_accepts(house: House, college: UUID) -> None:
    house.add("sid.stranger", "pdu-N55LEE")
    house.add("luke.london", "group-LNDN", vetting=("nppv3", -9, 99), tokens=(("cpc", "group-LNDN"),))
    with pytest.raises(Refusal) as refusal:
        bring(house, college, by="sid.stranger")
    assert refusal.value.code == "R24"
    certificate = bring(house, college, by="nora.new")
    with pytest.raises(Refusal):
        bring(house, college)
    for name in ("nora.new", "luke.london", "ada.admin"):
        with pytest.raises(Refusal) as refusal:
            run(house, name, "training.accept_certificate", certificate_id=certificate)
        assert refusal.value.code == "R24"
    own = bring(house, college, by="cora.cpc", person_id=house.people["cora.cpc"])
    with pytest.raises(Refusal) as refusal:
        run(house, "cora.cpc", "training.accept_certificate", certificate_id=own)
    assert refusal.value.code == "R23"
    reason = "The name on it is another"
    run(house, "cora.cpc", "training.decline_certificate", certificate_id=certificate, reason=reason)
    (decided,) = house.events("identity.certificate.decided")
    assert decided.data["outcome"] == "declined"
    bring(house, college)


def test_two_who_decide_at_one_moment_decide_once(house: House, college: UUID) -> None:
    certificate = bring(house, college)

    def decide(command: str) -> str:
        more = {} if command == "accept" else {"reason": "Cannot be read"}
        try:
            run(house, "cora.cpc", f"training.{command}_certificate", certificate_id=certificate, **more)
        except Refusal as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, ["accept", "decline"])) == ["R34", "done"]


@pytest.mark.clause("PF-4.6", "PF-6.2.2")
def test_what_cannot_count_is_said_field_by_field_and_changes_nothing(house: House, college: UUID) -> None:
    other = run(
        house,
        "ada.admin",
        "training.add_course",
        code="OWN",
        title="Own course",
        kind="user",
        taught_by="hmpps",
    )
    cases: list[tuple[dict[str, Any], str]] = [
        ({"awarded_on": house.today + DAYS}, "awarded_on"),
        ({"awarded_on": house.today - 501 * DAYS}, "course_id"),
        ({"course_id": UUID(other["id"])}, "course_id"),
    ]
    for more, field in cases:
        with pytest.raises(Invalid) as invalid:
            run(house, "cora.cpc", "training.bring_certificate", **(given(house, college) | more))
        assert set(invalid.value.errors) == {field}
    assert house.rows(Certificate) == []
    with house.runtime.system_work("test.files") as work:
        assert work.session.execute(service.tables.stored_file.select()).all() == []


def form(house: House, course_id: UUID, content: bytes, name: str = "certificate.pdf") -> dict[str, Any]:
    awarded = house.today - 30 * DAYS
    return {
        "course_id": str(course_id),
        "number": "COP/4711",
        "awarded_on-day": str(awarded.day),
        "awarded_on-month": str(awarded.month),
        "awarded_on-year": str(awarded.year),
        "certificate": (BytesIO(content), name),
    }


@pytest.mark.clause("PF-4.6")
def test_the_pages(house: House, app: Flask, college: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    cora = Browser(app, house, "10.6.0.7")
    cora.sign_in("cora.cpc")
    nora = f"/identity/people/{house.people['nora.new']}/training"
    page = f"{nora}/certificates/new"
    assert "multipart/form-data" in cora.get(page).text
    wrong = cora.post(page, form(house, college, b"GIF89a" + b"\x00" * 60))
    assert (wrong.status_code, "The selected file must be a PDF" in wrong.text) == (422, True)
    assert 'value="COP/4711"' in wrong.text
    monkeypatch.setattr(CertificateInput._declared_fields["certificate"], "most", 256 * 1024)
    large = cora.post(page, form(house, college, pdf(256 * 1024 + 1)))
    assert (large.status_code, "must be smaller than 256KB" in large.text) == (422, True)
    assert cora.post(page, form(house, college, PDF)).status_code == 303
    assert "Waiting" in cora.get(nora).text
    waiting = cora.get("/identity/training/certificates").text
    assert "Nora New" in waiting
    (certificate,) = house.rows(Certificate)
    file = cora.get(f"/identity/api/training/certificates/{certificate.id}/file")
    assert (file.data, file.headers["Content-Disposition"][:10]) == (PDF, "attachment")
    (seen,) = house.audited(action="training.certificate_file")
    assert (seen.outcome, seen.subject_id) == ("viewed", house.people["nora.new"])
    accept = f"/identity/training/certificates/{certificate.id}/accept"
    cora.confirm(accept)
    assert cora.post(accept, {}).status_code == 303
    assert "Passed" in cora.get(nora).text


@pytest.mark.clause("PF-4.5.2", "PF-6.2.2", "PF-6.2.3")
def test_the_calendar_and_its_neighbours_open_for_every_user(house: House, app: Flask, college: UUID) -> None:
    house.add("ulla.user", "pdu-N55LEE")
    ulla = Browser(app, house, "10.1.0.7")
    ulla.sign_in("ulla.user")
    for path, says in [
        ("/identity/training/courses", "College of Policing ViSOR"),
        ("/identity/training/trainers", "Approved trainers"),
        ("/identity/training/sessions", "0 sessions to come"),
        (f"/identity/people/{house.people['ulla.user']}/training", "Courses taken"),
    ]:
        answer = ulla.get(path)
        assert (answer.status_code, says in answer.text) == (200, True), path
    assert ulla.get("/identity/training/certificates").status_code == 403
    assert "Add a course" not in ulla.get("/identity/training/courses").text


def test_a_session_from_its_form_to_the_result(house: House, app: Flask, college: UUID) -> None:
    house.add("tess.trainer", "area-53")
    cora = Browser(app, house, "10.6.0.7")
    cora.sign_in("cora.cpc")
    cora.confirm("/identity/training/trainers/new")
    day = {"day": str(house.today.day), "month": str(house.today.month)}
    years = {"trained_on": 2025, "first_day": 2025, "last_day": 2027}
    dates = {
        f"{name}-{part}": value
        for name, year in years.items()
        for part, value in {**day, "year": str(year)}.items()
    }
    listed = {"username": "tess.trainer", "employer": "hmpps", "region": "region-N55", **dates}
    assert cora.post("/identity/training/trainers/new", listed).status_code == 303
    assert "Tess Trainer" in cora.get("/identity/training/trainers").text
    new = cora.get("/identity/training/sessions/new").text
    trainer_id = next(
        part for part in new.split('"') if len(part) == 36 and part in _options(new, "trainer_id")
    )
    dates = {
        f"{name}-{part}": day.get(part, "2026")
        for name in ("starts_on", "ends_on")
        for part in ("day", "month", "year")
    }
    session = {"course_id": str(college), "trainer_id": trainer_id, "venue": "Leeds", "places": "2", **dates}
    made = cora.post("/identity/training/sessions/new", session | {"starts_at": "09:30"})
    assert made.status_code == 303, made.text
    assert "College of Policing ViSOR" in cora.get(made.location).text
    nora = f"/identity/people/{house.people['nora.new']}/training"
    session_id = made.location.rpartition("/")[2].partition("?")[0]
    assert cora.post(f"{nora}/bookings/new", {"session_id": session_id}).status_code == 303
    page = cora.get(f"/identity/training/sessions/{session_id}").text
    booking = page.partition("/identity/training/bookings/")[2].partition("/")[0]
    done = cora.post(
        f"/identity/training/bookings/{booking}/result/new", {"outcome": "passed", "score": "71"}
    )
    assert done.status_code == 303
    assert "71%" in cora.get(f"/identity/training/sessions/{session_id}").text


def _options(page: str, name: str) -> str:
    return page.partition(f'name="{name}"')[2].partition("</select>")[0]
