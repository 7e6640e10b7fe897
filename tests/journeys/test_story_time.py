"""The policy clock moves on: reminders, overdue, and the ladder of each deadline, each rung exactly once."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

import pytest

from shared.clock import LONDON
from tests.journeys.test_story_api import create, item, items, received
from tests.journeys.world import World


def rungs(world: World, code: str) -> list[tuple[int, int]]:
    """(rung, how often it was climbed) of one deadline's clocks."""
    found = world.sql(
        "notifications",
        "SELECT r.number, count(*) FROM deadline_rung r JOIN deadline d ON d.id = r.deadline_id"
        " WHERE d.code = :code AND r.climbed_at IS NOT NULL GROUP BY d.id, r.number ORDER BY 1",
        code=code,
    )
    return [(row[0], row[1]) for row in found]


@pytest.mark.clause("PF-5.13.1", "PF-5.15", "PF-5.9-G.2")
def test_a_request_nobody_makes_is_reminded_then_overdue_then_climbs(world: World) -> None:
    nominal = create(world)
    assert nominal
    world.integration().post("/records/api/integrations/hmpps/domain-events", json=received(world.now()))
    first = item(world, "grace.mensah", "request_partnership")
    assert first["due"]["code"] != "overdue"

    for day in range(3, 22, 3):  # each night all that waits is stated, to every agency
        world.move_policy_clock(day)
        world.settled()
    world.eventually(
        lambda: item(world, "grace.mensah", "request_partnership")["due"]["code"] == "overdue", "overdue"
    )

    def climbed(username: str) -> list[dict[str, Any]]:
        """Other clocks of the group may climb in these days, too."""
        escalations = [one for one in items(world, username) if one["kind"] == "escalation"]
        return [one for one in escalations if "request partnership" in one["title"]]

    for username in ("owen.llewellyn", "helen.featherstone", "patrick.doyle"):
        assert world.eventually(partial(climbed, username), f"{username} to be told")
    steps = world.eventually(lambda: len(found := rungs(world, "D-07")) == 3 and found, "all three rungs")
    assert len(climbed("patrick.doyle")) == 1
    assert {times for _, times in steps} == {1}


@pytest.mark.clause("PF-5.13.1")
def test_an_old_message_gives_one_overdue_item_and_no_pile_of_reminders(world: World) -> None:
    create(world)
    years_ago = datetime(2022, 5, 4, 8, 9, tzinfo=LONDON)
    world.integration().post("/records/api/integrations/hmpps/domain-events", json=received(years_ago))

    found = item(world, "grace.mensah", "request_partnership")
    world.settled()
    mine = [one for one in items(world, "grace.mensah") if one["kind"] == "request_partnership"]
    assert (len(mine), found["due"]["code"]) == (1, "overdue")


@pytest.mark.clause("PF-4.20.3")
def test_minutes_after_easter_are_counted_in_working_days(world: World) -> None:
    """Held on 31 March 2026; Good Friday is 3 April and Easter Monday 6 April, so five days end on 9 April."""
    nominal = create(world)
    ruth = world.client("ruth.ackroyd")
    held = ruth.post(f"/records/api/nominals/{nominal}/meetings", json={"level": 3, "held_on": "2026-03-31"})
    assert held.status_code == 201, held.text

    def due() -> list[date]:
        found = world.sql("notifications", "SELECT due_on FROM deadline WHERE code = 'D-10'")
        return [row[0] for row in found]

    assert world.eventually(due, "D-10") == [date(2026, 4, 9)]
    page = ruth.get(f"/notifications/nominals/{nominal}/deadlines")
    assert page.status_code == 200
    assert "9 Apr 2026" in page.text
