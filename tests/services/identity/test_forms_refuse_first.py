"""Nobody fills in a form that would be refused: whoever may not do it reads so before typing, at the form itself."""

from __future__ import annotations

from datetime import time
from uuid import UUID

import pytest
from flask import Flask

from services.identity.training.models import Course, Trainer, TrainingSession
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, House

OF_A_PERSON = (
    "access",
    "account/create",
    "archive",
    "authorise",
    "decline",
    "disable",
    "documents/signed/new",
    "enable",
    "leaver/confirm",
    "line-manager",
    "name/change",
    "request",
    "sessions/end",
    "tokens/grant",
    "training/e-learning",
    "unit/change",
    "vetting/applications/decide",
    "vetting/applications/new",
    "vetting/exceptions/new",
    "vetting/record",
)


@pytest.fixture
def ann(app: Flask, house: House) -> Browser:
    """Who may look after nobody; Nora waits for her account, Olive has one."""
    house.add("ann.ash", "pdu-N55LEE", tokens=(("partner", "pdu-N55LEE"),))
    house.add("cora.cpc", "area-53", vetting=("nppv3", -100, 300), tokens=(("cpc", "area-53"),))
    house.add("nora.new", "pdu-N55LEE", state="requested")
    house.add("olive.other", "pdu-N55LEE")
    browser = Browser(app, house, LEEDS.address)
    browser.sign_in("ann.ash")
    return browser


@pytest.mark.clause("PF-7/ViSOR Tokens.1", "PF-4.16/A.6", "PF-6.1.1")
@pytest.mark.parametrize("form", OF_A_PERSON)
def test_a_form_about_somebody_is_shut_to_whoever_does_not_look_after_them(ann: Browser, form: str) -> None:
    for about in ("nora.new", "olive.other"):
        answer = ann.get(f"/identity/people/{ann.house.people[about]}/{form}")
        assert answer.status_code == 403
        assert "You cannot do this" in answer.text
        assert "<form" not in answer.text.partition("<main")[2]


@pytest.mark.clause("PF-6.2.2", "PF-6.2.3", "PF-4.5.2")
def test_training_is_kept_by_its_keepers(app: Flask, ann: Browser) -> None:
    house = ann.house
    session = _session(house)
    forms = ["sessions/new", f"sessions/{session}/cancel", "trainers/new", "courses/new"]
    assert {ann.get(f"/identity/training/{form}").status_code for form in forms} == {403}
    cora = Browser(app, house, "10.6.0.7")
    cora.sign_in("cora.cpc")
    assert {cora.get(f"/identity/training/{form}").status_code for form in forms[:3]} == {200}


@pytest.mark.clause("PF-6.1.1", "PF-4.16/A.6")
def test_whoever_looks_after_them_has_the_form(app: Flask, ann: Browser) -> None:
    cora = Browser(app, ann.house, "10.6.0.7")
    cora.sign_in("cora.cpc")
    nora, olive = (f"/identity/people/{ann.house.people[name]}" for name in ("nora.new", "olive.other"))
    for address in (
        f"{nora}/authorise",
        f"{nora}/decline",
        f"{olive}/vetting/record",
        f"{olive}/tokens/grant",
        f"{olive}/disable",
        f"{olive}/unit/change",
    ):
        assert cora.get(address).status_code == 200, address


def _session(house: House) -> UUID:
    by = house.people["cora.cpc"]
    with house.runtime.system_work("test.session") as work:
        course = Course(code="USER", title="ViSOR end user", kind="user", taught_by="hmpps")
        days = {"trained_on": house.today, "first_day": house.today, "last_day": house.today}
        trainer = Trainer(name="Tess Trainer", employer="hmpps", region="region-N55", **days)
        trainer.recorded_by, trainer.recorded_at = by, work.system_now
        work.session.add_all([course, trainer])
        work.session.flush()
        held = TrainingSession(
            course_id=course.id, trainer_id=trainer.id, region="region-N55", venue="Room 2"
        )
        held.starts_on = held.ends_on = house.today
        held.starts_at, held.places, held.made_by, held.made_at = time(9, 30), 10, by, work.system_now
        work.session.add(held)
        work.session.flush()
        return held.id
