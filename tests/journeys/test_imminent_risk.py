"""An imminent risk, from the practitioner's entry to everybody's list and back, over the broker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.demonstration.users import Staff
from tests.journeys.test_story_api import create, items
from tests.journeys.world import World
from tests.servers.worlds import opened_world


@pytest.fixture
def over_the_broker(
    templates: dict[str, str],
    fresh_database: Callable[..., str],
    people: Staff,
    tmp_path: Path,
    amqp_url: str,
) -> Iterator[World]:
    with opened_world(templates, fresh_database, people, tmp_path, amqp_url) as opened:
        yield opened


def entered(world: World) -> dict[str, Any]:
    before = (world.now() - timedelta(minutes=5)).isoformat()
    return {
        "line_manager_id": str(world.principal("joanna.kaczmarek").person_id),
        "line_manager_how": "telephone",
        "line_manager_at": before,
        "police_name": "Sergeant Example",
        "police_how": "telephone",
        "police_at": before,
        "concerning": ["victims"],
        "text": "She saw him waiting outside the school.",
    }


def waiting(world: World, username: str) -> list[dict[str, Any]]:
    return [one for one in items(world, username) if one["kind"] == "imminent_risk"]


def comes(world: World, username: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.eventually(
        lambda: waiting(world, username), f"the item of {username}"
    )
    return found


def goes(world: World, username: str) -> None:
    world.eventually(lambda: not waiting(world, username), f"the end of {username}'s item")


@pytest.mark.clause("PF-4.30.2", "PF-4.36.1")
def test_it_reaches_every_list_and_leaves_each_as_its_owner_acknowledges(over_the_broker: World) -> None:
    world = over_the_broker
    nominal = create(world)
    base = f"/records/api/nominals/{nominal}/imminent-risk"
    told = world.client("ruth.ackroyd").post(base, json=entered(world))
    assert told.status_code == 201, told.text
    risk = told.json()["id"]
    people = ("joanna.kaczmarek", "samuel.oyelade")
    for username in people:
        [item] = comes(world, username)
        assert item["important"]
        assert item["link"] == f"/records/nominals/{nominal}/imminent-risk/{risk}"
    assert waiting(world, "ruth.ackroyd") == [], "who enters it knows it"
    for username in people:
        answer = world.client(username).post(f"{base}/{risk}/acknowledgement")
        assert answer.status_code == 200, answer.text
        goes(world, username)
    over = {"reason": "He was arrested at the school."}
    done = world.client("ruth.ackroyd").post(f"{base}/{risk}/stood-down", json=over)
    assert done.status_code == 200, done.text
    world.eventually(
        lambda: [one for one in items(world, "samuel.oyelade") if one["kind"] == "imminent_risk_over"],
        "the word that it is over",
    )
