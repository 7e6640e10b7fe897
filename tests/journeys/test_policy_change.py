"""A change of national policy, over all three services: two people make it, and clocks begun afterwards go by it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.events.identity.policy import POLICY_CHANGED
from shared.messaging.upkeep import republish
from tests.journeys.test_story_api import create, item, items
from tests.journeys.world import World

KEY = "deadline.D-10"


def change(world: World, value: str, first: date) -> dict[str, Any]:
    """Proposed by the administrator, confirmed by the Senior Responsible Officer."""
    asked = {
        "value": value,
        "in_force_from": first.isoformat(),
        "source": "National user group of this month, item 4",
    }
    path = f"/identity/api/policy/values/{KEY}/changes"
    proposed = world.client("yvonne.blenkinsop").post(path, json=asked)
    assert proposed.status_code == 200, proposed.text
    waiting = item(world, "arthur.moncrieff", "confirm_policy")
    assert waiting["link"] == f"/identity/policy/changes/{proposed.json()['id']}"
    confirm = f"/identity/api/policy/changes/{proposed.json()['id']}/confirm"
    own = world.client("yvonne.blenkinsop").post(confirm)
    assert (own.status_code, own.json()["code"]) == (403, "R23")
    confirmed = world.client("arthur.moncrieff").post(confirm)
    assert confirmed.status_code == 200, confirmed.text
    found: dict[str, Any] = confirmed.json()
    return found


def hold(world: World, nominal: str) -> str:
    """A level 3 meeting of today, whose clock has begun."""
    asked = {"level": 3, "held_on": world.today().isoformat()}
    held = world.client("ruth.ackroyd").post(f"/records/api/nominals/{nominal}/meetings", json=asked)
    assert held.status_code == 201, held.text
    meeting: str = held.json()["id"]
    world.eventually(lambda: clock(world, meeting), "D-10")
    return meeting


def clock(world: World, meeting: str) -> list[Any]:
    return world.sql(
        "notifications",
        "SELECT period, due_on, jsonb_array_length(days -> 'used') FROM deadline WHERE subject_id = :id",
        id=meeting,
    )


@pytest.mark.clause("PI-REIA.4", "PF-4.20.3")
def test_a_change_counts_from_its_first_day_and_what_runs_is_counted_anew(world: World) -> None:
    nominal = create(world)
    first = hold(world, nominal)
    (before,) = clock(world, first)
    assert (before.period, before[2]) == ("5 working days", 5)
    tomorrow = world.today() + timedelta(days=1)
    change(world, "7 working days", tomorrow)
    for name in ("records", "notifications"):
        policy = world.runtimes[name].policy
        world.eventually(lambda here=policy: here().text(KEY, tomorrow) == "7 working days", name)  # type: ignore[misc]
    assert item(world, "yvonne.blenkinsop", "policy_decided")
    assert "confirm_policy" not in {one["kind"] for one in items(world, "arthur.moncrieff")}

    world.move_policy_clock(1)
    second = hold(world, nominal)
    (after,) = clock(world, second)
    assert (after.period, after[2]) == ("7 working days", 7)
    world.eventually(lambda: clock(world, first)[0].period == "7 working days", "the counting anew")
    (moved,) = clock(world, first)
    assert moved.due_on > before.due_on
    assert moved[2] == 7
    catalogue = world.client("ruth.ackroyd").get("/notifications/api/deadlines/catalogue").json()["entries"]
    assert {one["code"]: one["period"] for one in catalogue}["D-10"] == "7 working days"


def test_a_service_that_lost_its_copy_is_told_again(world: World) -> None:
    tomorrow = world.today() + timedelta(days=1)
    change(world, "7 working days", tomorrow)
    there = "SELECT 1 FROM policy_change WHERE state = 'confirmed'"
    world.eventually(lambda: world.sql("notifications", there), "the change in notifications")
    # Only what was published is told again, and the relay says so after all who hear of it have it.
    on_its_way = f"SELECT 1 FROM outbox WHERE kind = '{POLICY_CHANGED.name}' AND published_at IS NULL"
    world.eventually(lambda: not world.sql("identity", on_its_way), "the change's publishing")
    notifications = world.runtimes["notifications"]
    with notifications.system_work("test.lose") as work:
        work.session.execute(notifications.service.tables.policy.delete())
        work.session.execute(notifications.service.tables.messaging.inbox.delete())
    identity = world.runtimes["identity"]
    with identity.system_work("test.republish") as work:
        since = datetime(2020, 1, 1, tzinfo=UTC)
        republish(work.session, identity.service.tables.messaging, since, [POLICY_CHANGED.name])
    world.eventually(lambda: world.sql("notifications", there), "the change, told again")
    assert notifications.policy().text(KEY, tomorrow) == "7 working days"
