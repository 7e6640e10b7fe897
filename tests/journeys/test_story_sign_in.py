"""Who gets in, from where, and how soon everything closes to somebody who no longer may."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from services.identity.vetting.models import VettingRecord
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


PAGES = ("/notifications/todo", "/records/nominals", "/identity/my-access")


def revoke_vetting(world: World, who: UUID) -> httpx.Response:
    (known,) = world.sql("identity", "SELECT id FROM vetting_record WHERE person_id = :who", who=who)
    body = {"reason": "Clearance withdrawn by the vetting unit."}
    samuel = world.sign_in("samuel.oyelade")
    return samuel.post(f"/identity/api/vetting/{known[0]}/revoke", json=body)


def end_token(world: World, who: UUID) -> httpx.Response:
    open_ones = "SELECT id FROM token_grant WHERE person_id = :who AND ended_at IS NULL"
    known = world.sql("identity", open_ones, who=who)[0]
    body = {"reason": "No longer needed for the role"}
    return world.sign_in("samuel.oyelade").post(f"/identity/api/tokens/{known[0]}/end", json=body)


def withdraw_terminal(world: World, who: UUID) -> httpx.Response:
    at_it = "SELECT terminal_id FROM sign_in_session WHERE person_id = :who AND ended_at IS NULL"
    known = world.sql("identity", at_it, who=who)[0]
    owen = world.client("owen.llewellyn")
    return owen.post(f"/identity/api/terminals/{known[0]}/withdraw", json={"reason_code": "unsafe"})


def report_leaver(world: World, who: UUID) -> httpx.Response:
    body = {"left_on": world.today().isoformat()}
    return world.sign_in("samuel.oyelade").post(f"/identity/api/people/{who}/leaver", json=body)


def let_vetting_run_out(world: World, who: UUID) -> httpx.Response:
    """Midnight passes, and nobody does anything."""
    with world.runtimes["identity"].system_work("test.vetting") as work:
        last = update(VettingRecord).where(VettingRecord.person_id == who)
        work.session.execute(last.values(expires_on=world.today() + timedelta(days=1)))
    world.move_policy_clock(1)
    return httpx.Response(204)


def end_sessions(world: World, who: UUID) -> httpx.Response:
    body = {"reason": "Somebody else sat at the desk."}
    return world.sign_in("samuel.oyelade").post(f"/identity/api/people/{who}/sessions/end", json=body)


@pytest.mark.clause("PF-4.16/A.2", "PF-6.1.1", "PF-4.38.3", "PF-6.4.1")
@pytest.mark.parametrize(
    ("username", "close"),
    [
        ("imran.sadiq", end_sessions),
        ("imran.sadiq", end_token),
        ("imran.sadiq", revoke_vetting),
        ("imran.sadiq", let_vetting_run_out),
        ("malcolm.sugden", report_leaver),
        ("grace.mensah", withdraw_terminal),
    ],
)
def test_every_page_of_every_service_closes_within_five_seconds(
    world: World, username: str, close: Callable[[World, UUID], httpx.Response]
) -> None:
    theirs = world.sign_in(username)
    assert [theirs.get(page).status_code for page in PAGES] == [200, 200, 200]
    closed = close(world, world.principal(username).person_id)
    assert closed.is_success, closed.text
    began = time.monotonic()
    while any(theirs.get(page).status_code == 200 for page in PAGES):
        assert time.monotonic() - began < CLOSES_WITHIN
        time.sleep(0.1)
