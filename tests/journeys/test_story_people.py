"""Everybody's list shows only what concerns them; who is suspended gets nothing, the next holder does."""

from __future__ import annotations

import pytest

from tests.journeys.test_story_api import create, item, items, received
from tests.journeys.world import World


@pytest.mark.clause("PF-7/To do list.1")
def test_nobody_elses_business_stands_on_a_list(world: World) -> None:
    create(world)
    world.integration().post("/records/api/integrations/hmpps/domain-events", json=received(world.now()))
    item(world, "grace.mensah", "request_partnership")
    world.settled()

    for username in ("craig.hirst", "patrick.doyle", "arthur.moncrieff", "samuel.oyelade", "imran.sadiq"):
        assert not [one for one in items(world, username) if one["kind"] == "request_partnership"], username


@pytest.mark.clause("PF-4.25.1", "PF-4.4.1")
def test_a_suspended_manager_gets_nothing_and_the_next_holder_does(world: World) -> None:
    """Ruth's vetting ends between the request and its arrival: another manager of her unit is asked."""
    nominal = create(world)
    world.settled()
    samuel, ruth = world.sign_in("samuel.oyelade"), world.principal("ruth.ackroyd").person_id
    (known,) = world.sql("identity", "SELECT id FROM vetting_record WHERE person_id = :who", who=ruth)
    revoked = samuel.post(
        f"/identity/api/vetting/{known[0]}/revoke", json={"reason": "Clearance was withdrawn today."}
    )
    assert revoked.status_code == 200, revoked.text
    ended = "SELECT 1 FROM revocation WHERE subject = :who"
    world.eventually(lambda: world.sql("notifications", ended, who=ruth), "the news of the suspension")

    asked = world.client("grace.mensah").post(
        f"/records/api/nominals/{nominal}/partnership/requests",
        json={"whom": "me", "reason": "He is held in our prison."},
    )
    assert asked.status_code == 201, asked.text
    told = "SELECT person_id, role FROM todo_item WHERE kind = 'partnership_requested'"
    people = world.eventually(lambda: world.sql("notifications", told), "somebody told")
    world.settled()
    assert ruth not in {row.person_id for row in world.sql("notifications", told)}
    assert people
