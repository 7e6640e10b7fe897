"""The story of one nominal through all three services, by the JSON API."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.world import World

SAMPLES = Path(__file__).parent / "samples"

REFERRAL = {
    "category": "2",
    "level": 2,
    "registered_on": None,
    "forenames": "Darren Lee",
    "surname": "Thackwray",
    "date_of_birth": "1984-02-29",
    "sex": "male",
    "pnc": "2006/0341178L",
    "noms": "A0002AA",
    "crn": "X700441",
}
REASON = {"reason_type": "custody", "reason": "He was received into our prison this morning."}


def refer(world: World) -> str:
    body = {**REFERRAL, "registered_on": world.today().isoformat()}
    answer = world.client("ruth.ackroyd").post("/records/api/referrals", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["referral_id"])


def create(world: World, referral_id: str | None = None, **other: Any) -> str:
    spo = str(world.principal("joanna.kaczmarek").person_id)
    body = {name: value for name, value in REFERRAL.items() if name != "registered_on"} | other
    answer = world.client("ruth.ackroyd").post(
        "/records/api/nominals", json={**body, "referral_id": referral_id, "supervisor_id": spo}
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["nominal_id"])


def received(at: datetime, message_id: str = "1") -> dict[str, Any]:
    message = json.loads((SAMPLES / "prisoner-received.json").read_text())
    inner = json.loads(message["Message"])
    inner["occurredAt"] = at.isoformat()
    return {**message, "MessageId": message_id, "Message": json.dumps(inner)}


def items(world: World, username: str) -> list[dict[str, Any]]:
    answer = world.client(username).get("/notifications/api/todo")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def item(world: World, username: str, kind: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        return next((one for one in items(world, username) if one["kind"] == kind), None)

    found: dict[str, Any] = world.eventually(look, f"{kind} on the list of {username}")
    return found


@pytest.mark.clause("PF-4.10.2", "PF-4.10.1")
def test_a_record_created_in_time_meets_its_deadline(world: World) -> None:
    referral_id = refer(world)
    world.eventually(
        lambda: world.sql("notifications", "SELECT 1 FROM deadline WHERE subject_id = :id", id=referral_id),
        "D-01",
    )
    create(world, referral_id)
    met = "SELECT met_at FROM deadline WHERE subject_id = :id AND met_at IS NOT NULL"
    assert world.eventually(lambda: world.sql("notifications", met, id=referral_id), "D-01 met")


@pytest.mark.clause("PF-7/Police owned", "PF-4.9", "PF-7/CPC Prison.2")
@pytest.mark.parametrize(("username", "code"), [("grace.mensah", "R30"), ("craig.hirst", "R17")])
def test_only_probation_creates_category_2(world: World, username: str, code: str) -> None:
    body = {name: value for name, value in REFERRAL.items() if name != "registered_on"}
    answer = world.client(username).post("/records/api/nominals", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.clause("PF-5.13.1", "PF-5.13.3", "PF-7/Accessing.3", "PF-4.25.1", "PF-4.25.2", "PF-4.19.2")
def test_the_story(world: World) -> None:
    nominal = create(world, refer(world))
    integration = world.integration()
    at = world.now()
    for message_id in ("1", "2"):
        heard = integration.post(
            "/records/api/integrations/hmpps/domain-events", json=received(at, message_id)
        )
        assert heard.status_code == 202, heard.text
    assert heard.json()["outcome"] == "known"

    asked = item(world, "grace.mensah", "request_partnership")
    assert "PF-5.13" in asked["clause"]
    due = datetime.fromisoformat(asked["due_at"])
    assert timedelta(days=6) < due - at <= timedelta(days=8)
    assert item(world, "daniel.pascoe", "request_partnership")

    grace = world.client("grace.mensah")
    found = grace.post("/records/api/search", json={"number": "06/341178L"}).json()["results"]
    assert [line["nominal_id"] for line in found] == [nominal]
    assert set(found[0]) == {
        "nominal_id",
        "visor_number",
        "name",
        "year_of_birth",
        "owner_unit",
        "owner_name",
        "limited",
        "archived",
        "cpc",
        "why",
    }
    without = grace.get(f"/records/api/nominals/{nominal}")
    assert (without.status_code, without.json()["code"]) == (422, "R13")
    assert grace.post(f"/records/api/nominals/{nominal}/opening", json=REASON).status_code == 201
    assert grace.get(f"/records/api/nominals/{nominal}").status_code == 200
    item(world, "samuel.oyelade", "accessed_unpartnered")
    entry = {"kind": "custody", "text": "Received from court.", "for_attention": ["manager"]}
    write = grace.post(f"/records/api/nominals/{nominal}/activity-log", json=entry)
    assert (write.status_code, write.json()["code"]) == (403, "R14")

    request = grace.post(
        f"/records/api/nominals/{nominal}/partnership/requests",
        json={"whom": "unit", "reason": "He is held in our prison."},
    )
    assert request.status_code == 201, request.text
    item(world, "ruth.ackroyd", "partnership_requested")
    granted = world.client("ruth.ackroyd").post(
        f"/records/api/nominals/{nominal}/partnership/requests/{request.json()['id']}/grant", json={}
    )
    assert granted.status_code == 200, granted.text
    for username in ("grace.mensah", "daniel.pascoe", "nadia.qureshi"):
        item(world, username, "partnership_granted")

    begun = world.now()
    assert grace.post(f"/records/api/nominals/{nominal}/activity-log", json=entry).status_code == 201
    important = item(world, "ruth.ackroyd", "notify_manager")
    assert important["important"] is True
    created = datetime.fromisoformat(important["created_at"])
    assert created - begun < timedelta(seconds=1)
