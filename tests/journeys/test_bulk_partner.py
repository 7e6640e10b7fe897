"""A new member of a team, from the CPC's choice to one item on each of two lists."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.journeys.test_story_api import create, item, items, refer
from tests.journeys.world import World


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page's posting form."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def page(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    assert answer.text.count("<h1") == 1
    return answer.text


@pytest.mark.clause("PF-7/Bulk Partner.1", "PF-7/Bulk Partner.2", "PF-7/To do list.5")
def test_a_cpc_partners_a_new_member_of_the_team_to_all_its_records(world: World) -> None:
    nominal = create(world, refer(world))
    world.settled()
    cpc = world.client("samuel.oyelade")
    new_member = next(
        user.username
        for user in world.people.users
        if user.unit == "pdu-N55LEE"
        and not user.disabled
        and {one.name for one in user.tokens} == {"partner"}
    )
    who, name = str(world.principal(new_member).person_id), world.principal(new_member).name
    choosing = hidden(page(cpc.get("/records/bulk-partner")))
    typed = {"person_id-find": name, "unit": "pdu-N55LEE"}
    found = page(cpc.post("/records/bulk-partner", data=choosing | typed | {"_find": "person_id"}))
    assert who in found
    chosen = cpc.post("/records/bulk-partner", data=choosing | typed)
    assert chosen.status_code == 303, chosen.text
    checked = page(cpc.get(chosen.headers["Location"]))
    form = hidden(checked)
    assert form["person_id"] == who
    started = cpc.post("/records/bulk-partner/start", data=form)
    assert started.status_code == 303, started.text
    again = cpc.post("/records/bulk-partner/start", data=form)
    assert again.headers["Location"] == started.headers["Location"], "sent twice it is one job"

    for username in ("samuel.oyelade", new_member):
        told = item(world, username, "bulk_partnered")
        assert "PF-7/Bulk Partner" in told["clause"]
    assert world.client(new_member).get(f"/records/api/nominals/{nominal}").status_code == 200
    shown = page(world.client(new_member).get(started.headers["Location"]))
    assert "Completed" in shown

    entry = {"kind": "information", "text": "A change after she became partner.", "for_attention": []}
    log = f"/records/api/nominals/{nominal}/activity-log"
    assert world.client("ruth.ackroyd").post(log, json=entry).status_code == 201
    news = "/notifications/api/changes"
    world.eventually(lambda: nominal in world.client(new_member).get(news).text, "news of the record")
    assert len([one for one in items(world, new_member) if one["kind"] == "bulk_partnered"]) == 1


@pytest.mark.clause("PF-7/Bulk Partner.2")
def test_others_are_refused_on_page_and_api(world: World) -> None:
    ruth = world.client("ruth.ackroyd")
    answer = ruth.get("/records/api/bulk-partner")
    assert (answer.status_code, answer.json()["code"]) == (403, "R11")
    assert ruth.get("/records/bulk-partner").status_code == 403
