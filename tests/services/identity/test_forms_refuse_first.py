"""Nobody fills in a form that would be refused: whoever may not do it reads so before typing, at the form itself."""

from __future__ import annotations

import re
from datetime import time
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from services.identity.service import service
from services.identity.sessions.models import SignInSession
from services.identity.terminals.models import NetworkRange, Terminal
from services.identity.tokens.models import RoleGrant, TokenGrant
from services.identity.training.models import Course, Trainer, TrainingSession
from services.identity.vetting.models import VettingRecord
from tests.services.identity.acting import run
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


# Forms about oneself, which everybody has.
FOR_EVERYBODY = {
    "passkeys.add",
    "people.change_own",
    "questions.ask",
    "sessions.end_others",
    "sign_in.change_password",
    "sign_in.new_codes",
    "sign_in.replace_codes",
}
UNITS = ("pdu-N55LEE", "area-53", "region-N55", "prison-WSI", "group-LNDN")
_VARIABLE = re.compile(r"<(?:(\w+):)?(\w+)>")
_NOWHERE = UUID("00000000-0000-7000-8000-00000000dead")
# What a form's address names, of which the house has one that is not Ann's.
_ROWS = {
    "grant_id": (TokenGrant, RoleGrant),
    "vetting_id": (VettingRecord,),
    "terminal_id": (Terminal,),
    "network_id": (NetworkRange,),
    "session_id": (SignInSession, TrainingSession),
    "trainer_id": (Trainer,),
    "course_id": (Course,),
}


def _addresses(house: House, path: str) -> list[str]:
    """The form's address for each thing of the house that it may be about, or for nothing where there is none."""
    found = ["/identity" + path]
    for kind, name in _VARIABLE.findall(path):
        values: list[object] = list(UNITS) if kind != "uuid" else [_NOWHERE]
        if name == "person_id":
            values = [house.people["nora.new"], house.people["olive.other"]]
        elif name in _ROWS:
            values = _ids(house, name)
        found = [re.sub(rf"<(?:\w+:)?{name}>", str(value), address) for address in found for value in values]
    return found


def _ids(house: House, name: str) -> list[object]:
    ann = house.people["ann.ash"]
    with house.runtime.system_work("test.rows") as work:
        rows: list[Any] = [
            row for model in _ROWS[name] for row in work.session.execute(select(model)).scalars()
        ]
        return [row.id for row in rows if getattr(row, "person_id", None) != ann] or [_NOWHERE]


@pytest.mark.clause("PF-7/ViSOR Tokens.1", "PF-7/ViSOR Tokens.2")
def test_no_form_is_open_to_whoever_holds_nothing_but_a_partner_s_token(ann: Browser) -> None:
    """Every form of identity that there is, so that a new one cannot be forgotten."""
    house = ann.house
    _session(house)
    house.add("vera.lead", "prison-WSI", roles=(("visor_lead", "prison-WSI"),))
    open_ones = set()
    for command in service.declarations.commands.values():
        if command.form is None:
            continue
        for address in _addresses(house, command.form.path or command.path):
            if ann.get(address).status_code not in {403, 404, 409, 422}:
                open_ones.add(command.name)
    assert open_ones == FOR_EVERYBODY


@pytest.mark.clause("PF-5.9.4", "PF-4.16/A.6", "PF-6.5.1", "PF-5.11.4", "PI-3.8.5")
@pytest.mark.parametrize(
    ("who", "opens", "shut"),
    [
        (
            "cora.cpc",
            (
                "onboarding/nominees/new",
                "onboarding/nominate",
                "buildings/register",
                "documents/messages/new",
                "terminals/register",
                "units/area-53/successors/name",
                "people/{olive}/onboarding/priority",
                "people/{olive}/roles/appoint",
            ),
            ("staffing/regions/region-N55/programme/new", "units/prison-WSI/successors/name"),
        ),
        (
            "vera.lead",
            ("onboarding/nominate", "terminals/register", "units/prison-WSI/successors/name"),
            ("onboarding/nominees/new", "buildings/register", "people/{olive}/roles/appoint"),
        ),
        ("rita.rpd", ("staffing/regions/region-N55/programme/new", "people/{olive}/roles/appoint"), ()),
        ("nick.nominee", ("onboarding/nominate",), ("onboarding/nominees/new", "buildings/register")),
    ],
)
def test_whom_the_act_lets_the_form_lets(
    app: Flask, ann: Browser, who: str, opens: tuple[str, ...], shut: tuple[str, ...]
) -> None:
    house = ann.house
    house.add("vera.lead", "prison-WSI", roles=(("visor_lead", "prison-WSI"),))
    house.add("rita.rpd", "region-N55", roles=(("regional_probation_director", "region-N55"),))
    house.add("nick.nominee", "pdu-N55LEE")
    run(house, "cora.cpc", "accounts.name_nominee", username="nick.nominee", unit="pdu-N55LEE")
    known, olive = Browser(app, house, *PLACES[who]), house.people["olive.other"]
    known.sign_in(who)
    answers = {
        form: known.get(f"/identity/{form.format(olive=olive)}").status_code for form in (*opens, *shut)
    }
    assert answers == dict.fromkeys(opens, 200) | dict.fromkeys(shut, 403)


PLACES = {
    "cora.cpc": ("10.6.0.7",),
    "rita.rpd": ("10.6.0.7",),
    "nick.nominee": ("10.1.0.7",),
    "vera.lead": ("10.2.0.7", "WSI-001"),
}


@pytest.mark.clause("PF-4.16b", "PF-5.9-G.1")
def test_the_roles_offered_are_those_that_one_appoints_to(app: Flask, ann: Browser) -> None:
    cora = Browser(app, ann.house, "10.6.0.7")
    cora.sign_in("cora.cpc")
    page = f"/identity/people/{ann.house.people['olive.other']}/roles/appoint"
    for text in (cora.get(page).text, cora.post(page, {"role": "", "unit": "pdu-N55LEE"}).text):
        assert 'value="spo"' in text
        assert 'value="visor_lead"' not in text
        assert 'value="sro"' not in text


@pytest.mark.clause("PF-7/ViSOR Tokens.1")
def test_who_may_not_is_told_so_before_a_password_is_asked_for(app: Flask, ann: Browser) -> None:
    ann.wait(minutes=11)
    page = f"/identity/people/{ann.house.people['olive.other']}/tokens/grant"
    assert ann.get(page).status_code == 403
    cora = Browser(app, ann.house, "10.6.0.7")
    cora.sign_in("cora.cpc")
    cora.wait(minutes=11)
    assert cora.get(page).status_code == 303


@pytest.mark.clause("PF-4.8/t.4", "PF-4.16a.1")
def test_a_cpc_is_sent_to_whoever_appoints_the_cpc_and_never_to_themselves(app: Flask, ann: Browser) -> None:
    house = ann.house
    house.add("hetty.hopp", "area-53", roles=(("head_of_public_protection", "area-53"),))
    cora = Browser(app, house, "10.6.0.7")
    cora.sign_in("cora.cpc")
    own = f"/identity/people/{house.people['cora.cpc']}/vetting/record"
    refused = {
        who: browser.get(own).text.partition("<main")[2] for who, browser in (("cora", cora), ("ann", ann))
    }
    assert "Whoever appoints the CPC" in refused["cora"]
    assert "Hetty Hopp" in refused["cora"]
    assert "Cora Cpc" not in refused["cora"]
    assert "Cora Cpc" in refused["ann"]
