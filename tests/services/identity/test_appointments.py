"""Roles: who appoints whom, what is warned of, and who is to follow."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from services.identity.appointments.handlers import note_update
from services.identity.appointments.models import RecordUpdate, Successor
from services.identity.people.models import Person
from services.identity.tokens.models import RoleGrant
from shared.events.envelope import Event
from shared.events.records.activity_log import ACTIVITY_ADDED
from shared.ids import new_id
from shared.refusals import Invalid
from tests.services.identity.acting import run
from tests.services.identity.browser import Browser
from tests.services.identity.house import House
from tests.services.identity.test_tokens import NPPV3, at_once, code_of


@pytest.fixture
def posts(house: House) -> House:
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("paul.cpc", "group-LNDN", vetting=NPPV3, tokens=(("cpc", "group-LNDN"),))
    house.add("dora.director", "group-LNDN", roles=(("prison_group_director", "group-LNDN"),))
    house.add("gus.governor", "prison-WSI", roles=(("governor", "prison-WSI"),))
    house.add("rhea.director", "region-N55", roles=(("regional_probation_director", "region-N55"),))
    house.add("ida.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    house.add("ann.ash", "pdu-N55LEE")
    house.add("mia.manager", "prison-WSI", vetting=NPPV3)
    house.add("olly.officer", "prison-WSI")
    house.add("una.unvetted", "prison-WSI", vetting=None)
    with house.runtime.system_work("test.titles") as work:
        work.session.get_one(Person, house.people["mia.manager"]).job_title = "Head of Offender Management"
    return house


def appoint(house: House, by: str, person: str, role: str, unit: str, **more: Any) -> Any:
    given = {"valid_from": None, "valid_to": None, "reason": "Appointed", "note": None, "authority": None}
    return run(
        house,
        by,
        "roles.appoint",
        **{**given, "person_id": house.people[person], "role": role, "unit": unit, **more},
    )


@pytest.mark.clause("PF-5.9-G.1", "PF-5.5", "PF-7/ViSOR Lead.1")
def test_the_governor_appoints_the_lead(posts: House) -> None:
    made = appoint(posts, "gus.governor", "mia.manager", "visor_lead", "prison-WSI")
    assert made["warnings"] == []
    (row,) = [row for row in posts.rows(RoleGrant) if row.role == "visor_lead"]
    assert (row.granted_by, row.started_at is not None) == (posts.people["gus.governor"], True)
    (told,) = posts.events("identity.role.appointed")
    assert told.data["role"] == "visor_lead"
    assert posts.events("identity.role.conflict") == []


@pytest.mark.clause("PF-5.9-G.1", "PF-5.1", "PF-4.8/t.3", "PF-5.5/t.1", "PF-4.16b")
@pytest.mark.parametrize(
    ("by", "person", "role", "unit", "code"),
    [
        ("paul.cpc", "mia.manager", "visor_lead", "prison-WSI", "R32"),
        ("cora.cpc", "mia.manager", "visor_lead", "prison-WSI", "R32"),
        ("gus.governor", "mia.manager", "visor_lead", "prison-PVI", "R32"),
        ("gus.governor", "gus.governor", "visor_lead", "prison-WSI", "R23"),
        ("gus.governor", "una.unvetted", "visor_lead", "prison-WSI", "R42"),
        ("ann.ash", "ann.ash", "spo", "pdu-N55LEE", "R11"),
        ("paul.cpc", "ann.ash", "spo", "pdu-N55LEE", "R11"),
        ("paul.cpc", "una.unvetted", "pom", "prison-WSI", "R42"),
        ("dora.director", "ann.ash", "head_of_public_protection", "area-53", "R32"),
        ("cora.cpc", "ann.ash", "head_of_public_protection", "area-53", "R32"),
        ("cora.cpc", "ann.ash", "sro", "home-office", "R32"),
    ],
)
def test_who_appoints_to_what(posts: House, by: str, person: str, role: str, unit: str, code: str) -> None:
    before = len(posts.rows(RoleGrant))
    assert code_of(partial(appoint, posts, by, person, role, unit)) == code
    assert len(posts.rows(RoleGrant)) == before


@pytest.mark.clause("PF-4.16b", "PF-5.7", "PF-4.8/t.4", "PF-4.1")
@pytest.mark.parametrize(
    ("by", "person", "role", "unit"),
    [
        ("cora.cpc", "ann.ash", "spo", "pdu-N55LEE"),
        ("paul.cpc", "olly.officer", "pom", "prison-WSI"),
        ("dora.director", "olly.officer", "governor", "prison-WSI"),
        ("rhea.director", "ann.ash", "head_of_public_protection", "area-53"),
    ],
)
def test_whoever_the_table_names_appoints(posts: House, by: str, person: str, role: str, unit: str) -> None:
    assert appoint(posts, by, person, role, unit)["id"]


@pytest.mark.clause("PF-5.1")
def test_an_administrator_appoints_on_authority_alone(posts: House) -> None:
    given = ("ida.admin", "ann.ash", "prison_group_director", "group-LNDN")
    with pytest.raises(Invalid) as invalid:
        appoint(posts, *given)
    assert "authority" in invalid.value.errors
    assert appoint(posts, *given, authority="HMPPS, letter of 1 March")["id"]


def test_a_role_is_held_for_its_kind_of_unit(posts: House) -> None:
    for unit in ("area-53", "nowhere"):
        with pytest.raises(Invalid) as invalid:
            appoint(posts, "gus.governor", "mia.manager", "visor_lead", unit)
        assert "unit" in invalid.value.errors


@pytest.mark.clause("PF-5.5/t.1", "PF-5.5")
def test_a_lead_who_is_no_manager_is_warned_of_and_level_3_recommended(posts: House) -> None:
    given = ("gus.governor", "olly.officer", "visor_lead", "prison-WSI")
    with pytest.raises(Invalid) as invalid:
        appoint(posts, *given)
    assert "should be a manager" in invalid.value.errors["note"][0]
    made = appoint(posts, *given, note="The only one trained")
    assert made["warnings"] == ["level_3_recommended", "no_manager"]


def wrote(house: House, person: str, days_ago: int) -> None:
    data = {
        "nominal_id": str(new_id()),
        "entry_id": str(new_id()),
        "for_attention": [],
        "standing_version": 1,
    }
    at = house.clock.now() - timedelta(days=days_ago)
    event = Event(new_id(), ACTIVITY_ADDED.name, 1, at, data, actor=house.people[person])
    with house.runtime.system_work("test.handle") as work:
        note_update(work, event)


@pytest.mark.clause("PF-5.9-G.1")
@pytest.mark.parametrize(("days_ago", "conflict"), [(89, True), (90, False)])
def test_a_lead_who_updates_visor_is_warned_of_to_the_governor(
    posts: House, days_ago: int, conflict: bool
) -> None:
    wrote(posts, "mia.manager", days_ago)
    wrote(posts, "mia.manager", 400)  # an older fact that comes late changes nothing
    assert len(posts.rows(RecordUpdate)) == 1
    given = ("gus.governor", "mia.manager", "visor_lead", "prison-WSI")
    if conflict:
        with pytest.raises(Invalid) as invalid:
            appoint(posts, *given)
        assert "tasked with updating ViSOR" in invalid.value.errors["note"][0]
    made = appoint(posts, *given, note="Until the new manager starts")
    assert made["warnings"] == (["updates_visor"] if conflict else [])
    told = [one for event in posts.events("identity.role.conflict") for one in event.copies[0]["people"]]
    governor = str(posts.people["gus.governor"])
    assert [one["person_id"] for one in told] == ([governor] if conflict else [])


@pytest.mark.clause("PF-5.9-G.1")
def test_whoever_appoints_also_ends_a_role(posts: House) -> None:
    made = appoint(posts, "gus.governor", "mia.manager", "visor_lead", "prison-WSI")
    given = {"grant_id": made["id"], "reason": "Moved prison", "authority": None}
    assert code_of(partial(run, posts, "paul.cpc", "roles.end", **given)) == "R32"
    assert code_of(partial(run, posts, "mia.manager", "roles.end", **given)) == "R32"
    run(posts, "gus.governor", "roles.end", **given)
    (row,) = [row for row in posts.rows(RoleGrant) if row.role == "visor_lead"]
    assert row.ended_at is not None
    assert len(posts.events("identity.role.ended")) == 1


def test_of_two_who_appoint_the_same_person_at_one_moment_one_does(posts: House) -> None:
    act = partial(appoint, posts, "gus.governor", "mia.manager", "visor_lead", "prison-WSI")
    assert at_once(act, act) == ["R34", "done"]


@pytest.mark.clause("PI-3.8.5", "PSI-5.3.6")
def test_a_successor_is_named_and_replaced(posts: House) -> None:
    def named(by: str, username: str) -> Any:
        given = {"unit": "area-53", "post": "cpc", "note": None, "username": username}
        return run(posts, by, "successors.name", **given)

    assert code_of(partial(named, "ann.ash", "ann.ash")) == "R24"
    with pytest.raises(Invalid):
        named("cora.cpc", "nobody.there")
    named("cora.cpc", "ann.ash")
    named("cora.cpc", "rhea.director")
    (row,) = posts.rows(Successor)
    assert row.person_id == posts.people["rhea.director"]


@pytest.mark.clause("PI-3.8.5", "PF-5.9-G.1", "PF-7/ViSOR Lead.1")
def test_the_posts_of_a_prison_on_its_page(app: Flask, posts: House) -> None:
    browser = Browser(app, posts, "10.2.0.7", "WSI-001")
    browser.sign_in("gus.governor")
    page = "/identity/units/prison-WSI/posts"
    assert "Vacant" in browser.get(page).text
    form = {"role": "visor_lead", "unit": "prison-WSI", "reason": "Appointed"}
    done = browser.post(f"/identity/people/{posts.people['mia.manager']}/roles/appoint", form)
    assert done.status_code == 303
    named = browser.post(
        "/identity/units/prison-WSI/successors/name", {"post": "visor_lead", "username": "olly.officer"}
    )
    shown = browser.get(named.location).text
    assert "Mia Manager" in shown
    assert "Olly Officer" in shown
