"""A demonstration's people and places; and what an operator does before anybody can sign in."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deploy.demonstration.staff import staff
from services.identity import administration
from services.identity.administration import AdministrationError
from services.identity.buildings.models import Building
from services.identity.demonstration import load, password, person_id
from services.identity.demonstration.loading import NotEmptyError
from services.identity.people.models import Person
from services.identity.terminals.models import Terminal
from services.identity.training.models import TrainingSession
from shared.clock import FixedClock
from shared.reference.estate import agencies, estate_units
from shared.refusals import Refusal
from shared.runtime import Runtime
from shared.time.calendars import is_working_day
from tests.page_checks import check_page
from tests.services.identity.house import LEEDS, House

CAST = {
    "patrick.doyle",
    "ruth.ackroyd",
    "grace.mensah",
    "craig.hirst",
    "peter.expired",
    "chloe.unsigned",
    "liam.untrained",
}


@pytest.fixture
def demonstration(runtime: Runtime, clock: FixedClock) -> str:
    """The real estate with the cast alone: the whole staff is the loader's business, and takes longer."""
    users = [user for user in staff(1, clock.today()).users if user.username in CAST]
    return load(runtime, users, estate_units(), agencies())


def sign_in(client: FlaskClient, clock: FixedClock, username: str, secret: str, **place: str) -> Any:
    clock.at += timedelta(seconds=30)
    where = {"base_url": "https://localhost"}
    if place:
        assert client.post("/identity/api/demonstration/place", json=place, **where).status_code == 200
    first = client.post("/identity/api/sign-in", json={"username": username, "password": secret}, **where)
    assert first.status_code == 200, first.text
    code = client.post("/identity/api/demonstration/code", json={"username": username}, **where).get_json()[
        "code"
    ]
    return client.post("/identity/api/sign-in/code", json={"code": code, "secure_office": True}, **where)


@pytest.mark.clause("PF-4.5.2")
def test_a_demonstrations_training_is_on_working_days(runtime: Runtime, clock: FixedClock) -> None:
    everybody = [user for user in staff(1, clock.today()).users if user.unit == "pdu-N55LEE"]
    load(runtime, everybody, estate_units(), agencies())
    with runtime.system_work("test.sessions") as work:
        found = list(work.session.execute(select(TrainingSession)).scalars())
    assert found
    days = [day for one in found for day in (one.starts_on, one.ends_on)]
    assert [day for day in days if not is_working_day(day, "UK")] == []


@pytest.mark.clause("PF-6.4.1")
def test_the_page_seats_a_prison_groups_cpc_in_one_of_its_prisons(
    app: Flask, clock: FixedClock, demonstration: str
) -> None:
    client = app.test_client()
    page = client.get("/identity/demonstration", base_url="https://localhost").text
    forms = [dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) for form in page.split("<form")]
    [shown] = [form for form in forms if form.get("username") == "patrick.doyle"]
    place = {name: shown[name] for name in ("unit", "network", "terminal")}
    opened = sign_in(client, clock, "patrick.doyle", demonstration, **place)
    assert opened.get_json()["scope"] == "full"


def test_the_cast_signs_in_from_the_place_it_chooses(
    app: Flask, clock: FixedClock, demonstration: str
) -> None:
    for username, unit, place, outcome in [
        ("ruth.ackroyd", "pdu-N55LEE", {}, "full"),
        ("grace.mensah", "prison-WSI", {"terminal": "approved"}, "full"),
        ("craig.hirst", "force-13", {"terminal": "none"}, "full"),
        ("chloe.unsigned", "pdu-N55KIR", {}, "onboarding"),
        ("ruth.ackroyd", "pdu-N55LEE", {"network": "wifi"}, "R10"),
        ("ruth.ackroyd", "pdu-N55LEE", {"network": "unknown"}, "R10"),
        ("grace.mensah", "prison-WSI", {"terminal": "unapproved"}, "R09"),
        ("grace.mensah", "prison-WSI", {"terminal": "none"}, "R09"),
        ("peter.expired", "pdu-N55BAC", {}, "R02"),
        ("liam.untrained", "pdu-N55WAK", {}, "R04"),
    ]:
        answer = sign_in(app.test_client(), clock, username, demonstration, unit=unit, **place).get_json()
        assert answer.get("scope", answer.get("code")) == outcome, (username, place)


def test_its_page_shows_codes_that_are_taken(app: Flask, demonstration: str) -> None:
    page = app.test_client().get("/identity/demonstration")
    check_page(page.text, "/identity/demonstration")
    assert "Ruth Ackroyd" in page.text


def test_a_second_start_finds_the_same_password_and_adds_nobody(
    runtime: Runtime, clock: FixedClock, demonstration: str
) -> None:
    assert password(runtime) == demonstration
    assert load(runtime, [], [], []) == demonstration


def test_a_database_of_real_people_never_becomes_a_demonstration(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    with pytest.raises(NotEmptyError):
        load(house.runtime, [], [], [])
    assert not house.runtime.demonstration
    assert password(house.runtime) is None


def test_a_person_of_a_demonstration_has_the_same_id_every_time() -> None:
    assert person_id("ruth.ackroyd") == person_id("ruth.ackroyd") != person_id("grace.mensah")


def test_an_operator_shuts_somebody_out(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    house.sign_in("ann.ash", LEEDS)
    administration.disable_user(house.runtime, "Ann.Ash")
    assert [one.disabled_reason for one in house.rows(Person)] == ["suspended"]
    with pytest.raises(Refusal) as refused:
        house.sign_in("ann.ash", LEEDS)
    assert refused.value.code == "R08"
    with pytest.raises(AdministrationError):
        administration.disable_user(house.runtime, "nobody")


def test_a_demonstrations_terminals_are_worth_looking_at(runtime: Runtime, demonstration: str) -> None:
    with runtime.system_work("test.sites") as work:
        found = work.session.execute(select(Terminal)).scalars().all()
        late = [one for one in found if one.reassure_by is not None and one.reassure_by < work.today]
        assert {one.status for one in found} == {"approved", "assessed"}
        assert 0 < len(late) < len(found) / 10
        assert len(work.session.execute(select(Building)).scalars().all()) == len(estate_units())
