"""White pages: whom a search finds and in what order, who keeps a card right, and moving to another unit."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from services.identity.people.models import Person
from services.identity.service import service
from services.identity.tokens.models import RoleGrant, TokenGrant
from shared.refusals import Invalid, Refusal, Stale
from tests.services.identity.acting import principal, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, House
from tests.services.identity.newcomers import nominate, refusal, row_of, staff, told

ANY: dict[str, Any] = {"name": "", "job_title": "", "place": "", "token": "any", "page": 1}


def search(house: House, by: str = "ann.ash", **given: Any) -> list[str]:
    query = service.declarations.queries["people.search"]
    answer = house.runtime.ask(query, principal(house, by), ANY | given)
    return [card.name for card in answer["people"]]


@pytest.fixture
def staffed(house: House) -> House:
    staff(house)
    house.add("ann.ash", "pdu-N55LEE", tokens=(("partner", "pdu-N55LEE"),))
    house.add("ruth.ackroyd", "pdu-N55LEE", tokens=(("manager", "pdu-N55LEE"),))
    house.add("patrick.doyle", "force-13")
    return house


@pytest.mark.clause("PF-7/white pages.3", "PF-7/white pages.5")
@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"name": "ackroyd"}, ["Ruth Ackroyd"]),
        ({"name": "Akroyd"}, ["Ruth Ackroyd"]),
        ({"name": "rut akroyd"}, ["Ruth Ackroyd"]),
        ({"name": "rut"}, ["Ruth Ackroyd"]),
        ({"name": "ackroyd", "place": "force-13"}, []),
        ({"job_title": "visor lead"}, ["Lena Lead"]),
        ({"place": "wormwood"}, ["Lena Lead"]),
        ({"place": "london"}, ["Pam Prison", "Lena Lead"]),
        ({"place": "west yorkshire police"}, ["Patrick Doyle"]),
        ({"token": "manager"}, ["Ruth Ackroyd"]),
        ({"name": "%"}, []),
    ],
)
def test_the_search_finds_by_name_role_area_prison_force_and_token(
    staffed: House, given: dict[str, str], found: list[str]
) -> None:
    assert search(staffed, **given) == found


@pytest.mark.clause("PF-7/CPC Probation.1")
def test_the_cpc_of_an_area_comes_first_wherever_they_sit(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    house.add("zoe.cpc", "area-52", tokens=(("cpc", "area-53"),))
    assert search(house, place="West Yorkshire")[:2] == ["Zoe Cpc", "Ann Ash"]


def test_whoever_is_spelt_so_comes_before_whoever_only_sounds_alike(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    house.add("ana.acroyd", "pdu-N55LEE", tokens=(("cpc", "area-53"),))
    house.add("ruth.ackroyd", "pdu-N55LEE")
    assert search(house, name="ackroyd") == ["Ruth Ackroyd", "Ana Acroyd"]


@pytest.mark.clause("PF-4.38.2")
def test_leavers_come_last_greyed_and_newcomers_have_no_card_yet(app: Flask, staffed: House) -> None:
    nominate(staffed, name="Ruth Newcomer")
    with staffed.runtime.system_work("test.archive") as work:
        person = work.session.get_one(Person, staffed.people["ann.ash"])
        person.state, person.disabled_reason = "archived", "left"
    assert search(staffed, "nora.nominee", name="ruth") == ["Ruth Ackroyd"]
    assert search(staffed, "nora.nominee", place="leeds")[-1] == "Ann Ash"
    browser = Browser(app, staffed, "10.1.0.7")
    browser.sign_in("ruth.ackroyd")
    found = browser.post("/identity/people", {"name": "ash"}).text
    for text in (found, browser.get(f"/identity/people/{staffed.people['ann.ash']}").text):
        assert re.search(r"govuk-tag--grey[^>]*>\s*(Left|Not active)", text)
    assert f'href="/identity/people/{staffed.people["ann.ash"]}">Ann Ash</a>' in found


@pytest.mark.clause("PF-7/white pages.3")
def test_a_long_list_comes_in_pages_each_person_once(house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    for number in range(60):
        house.add(f"pat.{number:02}", "pdu-N55LEE", vetting=None, trained=False, signed=False)
    first, second = search(house, name="pat"), search(house, name="pat", page=2)
    assert (len(first), len(second)) == (50, 10)
    assert len({*first, *second}) == 60


@pytest.mark.clause("PF-7/white pages.4")
def test_every_card_in_an_answer_says_where_it_is(app: Flask, staffed: House) -> None:
    browser = Browser(app, staffed, "10.1.0.7")
    browser.sign_in("ann.ash")
    found = browser.post("/identity/people", {"name": "ackroyd"}).text
    address = f"/identity/people/{staffed.people['ruth.ackroyd']}"
    assert f'href="{address}">Ruth Ackroyd</a>' in found
    card = service.declarations.queries["people.search"].answer().fields["people"]
    assert "card_url" in card.inner.schema.fields  # type: ignore[attr-defined]
    assert "Manager" in browser.get(address).text or "manager" in browser.get(address).text


@pytest.mark.clause("PF-7/white pages.1", "PF-7/white pages.2")
def test_people_keep_their_own_card_right_but_not_over_somebody_elses_change(staffed: House) -> None:
    mine = row_of(staffed, staffed.people["ann.ash"])
    given = {"job_title": "Senior officer", "email": "ann@example.org", "telephone": "0113 496 0099"}
    run(staffed, "ann.ash", "people.change_own", **given, version=mine.version)
    found = row_of(staffed, mine.id)
    assert (found.job_title, found.telephone) == ("Senior officer", "0113 496 0099")
    with pytest.raises(Stale) as stale:
        run(staffed, "ann.ash", "people.change_own", **given, version=mine.version)
    assert stale.value.theirs["job_title"] == "Senior officer"


def test_the_form_of_ones_own_card_checks_each_field(app: Flask, staffed: House) -> None:
    browser = Browser(app, staffed, "10.1.0.7")
    browser.sign_in("ann.ash")
    page = "/identity/my-card/change"
    form = {"job_title": "Officer", "email": "ann@example.org", "telephone": "0113 496 0099"}
    version = row_of(staffed, staffed.people["ann.ash"]).version
    wrong = browser.post(page, form | {"email": "no address", "telephone": "", "version": str(version)})
    assert wrong.status_code == 422
    assert wrong.text.count("govuk-error-message") == 2
    done = browser.post(page, form | {"version": str(version)})
    assert done.status_code == 303
    assert "0113 496 0099" in browser.get(done.location).text


@pytest.mark.clause("PF-7/Identity Manager LDAP.1")
def test_an_administrator_alone_changes_a_name(staffed: House) -> None:
    ann = staffed.people["ann.ash"]
    given = {"person_id": ann, "name": "Ann Ash-Doyle", "authority": "Cora Cpc, 2 March"}
    assert refusal(staffed, "cora.cpc", "people.rename", **given, version=1).code == "R11"
    run(staffed, "ida.admin", "people.rename", **given, version=row_of(staffed, ann).version)
    assert row_of(staffed, ann).name == "Ann Ash-Doyle"
    own = {**given, "person_id": staffed.people["ida.admin"]}
    assert refusal(staffed, "ida.admin", "people.rename", **own, version=1).code == "R23"


@pytest.mark.clause("PF-4.39")
def test_a_line_manager_is_recorded_and_sees_their_team(app: Flask, staffed: House) -> None:
    ann = staffed.people["ann.ash"]
    set_to: dict[str, Any] = {"person_id": ann, "line_manager": "ruth.ackroyd"}
    assert refusal(staffed, "ruth.ackroyd", "people.set_line_manager", **set_to).code == "R24"
    with pytest.raises(Invalid):
        run(staffed, "cora.cpc", "people.set_line_manager", **set_to | {"line_manager": "ann.ash"})
    run(staffed, "cora.cpc", "people.set_line_manager", **set_to)
    browser = Browser(app, staffed, "10.1.0.7")
    browser.sign_in("ruth.ackroyd")
    page = browser.get("/identity/my-team").text
    assert "Ann Ash" in page
    assert f"/identity/people/{ann}/leaver" in page
    assert "My team" in browser.get("/identity/my-access").text


def held(house: House, person: str) -> set[tuple[str, str]]:
    rows = [
        row for row in house.rows(TokenGrant) if row.person_id == house.people[person] and not row.ended_at
    ]
    return {(row.token, row.unit) for row in rows}


def move(house: House, by: str, person: str, unit: str, position: str = "probation_officer") -> Any:
    given = {"person_id": house.people[person], "unit": unit, "position": position}
    return run(house, by, "people.move", **given, reason="A post in the new team")


@pytest.mark.clause("PF-4.16a.1")
def test_tokens_go_along_within_the_area_and_end_outside_it(staffed: House) -> None:
    house = staffed
    house.add(
        "mel.mover",
        "pdu-N55LEE",
        tokens=(("partner", "pdu-N55LEE"), ("lpc", "pdu-N55LEE"), ("manager", "area-53")),
        roles=(("spo", "pdu-N55LEE"),),
    )
    assert move(house, "cora.cpc", "mel.mover", "area-53") == {"moved": 1, "ended": 1}
    assert held(house, "mel.mover") == {("partner", "area-53"), ("manager", "area-53")}
    assert [row.end_reason for row in house.rows(RoleGrant) if row.role == "spo"] == ["Moved to another unit"]
    house.add("dan.other", "area-52", tokens=(("cpc", "area-52"),))
    assert move(house, "cora.cpc", "mel.mover", "area-52") == {"moved": 0, "ended": 2}
    assert held(house, "mel.mover") == set()
    assert told(house, "identity.account.moved") == {("cora.cpc", "cpc"), ("dan.other", "cpc")}
    assert row_of(house, house.people["mel.mover"]).unit == "area-52"


@pytest.mark.clause("PSI-2.6.1")
def test_a_move_needs_a_post_of_the_new_agency_and_somebody_who_may(staffed: House) -> None:
    with pytest.raises(Invalid) as invalid:
        move(staffed, "cora.cpc", "ann.ash", "prison-WSI")
    assert list(invalid.value.errors) == ["position"]
    for by, person, code in (("pam.prison", "ann.ash", "R24"), ("cora.cpc", "cora.cpc", "R23")):
        with pytest.raises(Refusal) as refused:
            move(staffed, by, person, "area-53" if person == "ann.ash" else "pdu-N55LEE")
        assert refused.value.code == code
    staffed.sign_in("ann.ash", LEEDS)
    move(staffed, "cora.cpc", "ann.ash", "prison-WSI", "security_staff")
    assert row_of(staffed, staffed.people["ann.ash"]).agency == "prison-service"
    assert held(staffed, "ann.ash") == set()


@pytest.mark.clause("PF-7/white pages.1", "PF-7/white pages.3")
def test_white_pages_finds_by_name_place_role_and_token_the_cpc_first(app: Flask, house: House) -> None:
    house.add("ann.ash", "pdu-N55LEE")
    house.add("zoe.cpc", "area-53", tokens=(("cpc", "area-53"),))
    house.add("bob.birch", "area-53")
    browser = Browser(app, house, "10.1.0.7")
    browser.sign_in("ann.ash")
    found = browser.post("/identity/people", {"place": "west yorkshire"}).text
    assert found.index("Zoe Cpc") < found.index("Bob Birch")
    assert found.index("Bob Birch") > found.index("Ann Ash</a></h3>")
    assert "Nobody fits" in browser.post("/identity/people", {"name": "nobody%"}).text
    assert "Zoe Cpc" in browser.post("/identity/people", {"token": "cpc"}).text
    card = browser.get(f"/identity/people/{house.people['zoe.cpc']}")
    for text in ("Zoe Cpc", "Officer", "zoe.cpc@example.org", "0113 496 0000"):
        assert text in card.text
    assert len(house.audited(action="people.search")) == 3
