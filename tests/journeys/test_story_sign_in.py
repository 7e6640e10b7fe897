"""Who gets in, from where, and how soon everything closes to somebody who no longer may."""

from __future__ import annotations

import time

import pytest

from tests.journeys.test_story_api import item
from tests.journeys.world import World

CLOSES_WITHIN = 5.0  # seconds, for every page of every service


@pytest.mark.clause("PF-6.4.1", "PF-6.6.3", "PF-6.6.4")
@pytest.mark.parametrize("username", ["grace.mensah", "ruth.ackroyd", "craig.hirst"])
def test_each_agency_signs_in_from_its_own_place(world: World, username: str) -> None:
    client = world.sign_in(username)

    assert client.last.json()["scope"] == "full", client.last.text
    for page in ("/notifications/todo", "/records/nominals", "/identity/my-access"):
        assert client.get(page).status_code == 200, page


@pytest.mark.clause("PF-6.4.1", "PF-6.6.1", "PF-4.16/A.2", "PF-6.2.1", "PF-6.1.1", "PF-4.38.3")
@pytest.mark.parametrize(
    ("username", "place", "code"),
    [
        ("grace.mensah", {"terminal": "unapproved"}, "R09"),
        ("grace.mensah", {"terminal": "none"}, "R09"),
        ("ruth.ackroyd", {"network": "wifi"}, "R10"),
        ("ruth.ackroyd", {"network": "unknown"}, "R10"),
        ("grace.mensah", {"network": "wifi"}, "R10"),
        ("peter.expired", {}, "R02"),
        ("fiona.unvetted", {}, "R01"),
        ("liam.untrained", {}, "R04"),
        ("gareth.disabled", {}, "R08"),
    ],
)
def test_who_may_not_come_in_is_refused_and_audited(
    world: World, username: str, place: dict[str, str], code: str
) -> None:
    client = world.sign_in(username, **place)

    assert client.last.json()["code"] == code, client.last.text
    refused = "SELECT count(*) FROM audit_entry WHERE outcome = 'refused' AND refusal_code = :code"
    assert world.sql("identity", refused, code=code)[0][0] >= 1
    assert client.get("/notifications/todo").status_code in {303, 401}


@pytest.mark.clause("PF-6.6.1")
def test_the_cpc_is_told_of_a_refusal(world: World) -> None:
    world.sign_in("ruth.ackroyd", network="wifi")

    item(world, "samuel.oyelade", "session_refused")


@pytest.mark.clause("PF-7/SyOps.1", "PF-6.3")
def test_an_unsigned_newcomer_can_read_and_sign_and_nothing_else(world: World) -> None:
    client = world.sign_in("chloe.unsigned")

    assert client.last.json()["scope"] == "onboarding"
    assert client.get("/identity/documents").status_code == 200
    for page in ("/notifications/todo", "/records/nominals", "/records/search", "/identity/people"):
        assert client.get(page).status_code == 403, page


@pytest.mark.clause("PF-4.16/A.2", "PF-6.1.1")
def test_revoked_vetting_closes_every_page_of_every_service_within_five_seconds(world: World) -> None:
    imran = world.sign_in("imran.sadiq")
    pages = ("/notifications/todo", "/records/nominals", "/identity/my-access")
    assert [imran.get(page).status_code for page in pages] == [200, 200, 200]
    vetting = "SELECT id FROM vetting_record WHERE person_id = :who"
    (known,) = world.sql("identity", vetting, who=world.principal("imran.sadiq").person_id)
    samuel = world.sign_in("samuel.oyelade")

    body = {"reason": "Clearance withdrawn by the vetting unit."}
    revoked = samuel.post(f"/identity/api/vetting/{known[0]}/revoke", json=body)
    assert revoked.status_code == 200, revoked.text
    began = time.monotonic()
    while any(imran.get(page).status_code == 200 for page in pages):
        assert time.monotonic() - began < CLOSES_WITHIN
        time.sleep(0.1)
