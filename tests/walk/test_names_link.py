"""Every name of a user on the pages of a record, and on every page that names nothing in particular, is a link."""

from __future__ import annotations

import pytest

from shared.declarations import Command
from tests.journeys.test_story_api import create
from tests.journeys.world import World
from tests.names import unlinked
from tests.walk.routes import routes

READERS = ("ruth.ackroyd", "joanna.kaczmarek", "samuel.oyelade")


@pytest.fixture(scope="module")
def nominal(world: World) -> str:
    return create(world)


@pytest.mark.clause("PF-7/white pages.4")
@pytest.mark.parametrize("username", READERS)
def test_every_name_of_a_user_leads_to_their_card(world: World, nominal: str, username: str) -> None:
    names = {user.name for user in world.people.users}
    client = world.client(username)
    bare: list[tuple[str, str]] = []
    named = 0
    for route in routes(world.apps):
        if route.declared is None or route.is_api or "GET" not in route.methods:
            continue
        if "<" in route.url.replace("<uuid:nominal_id>", ""):
            continue
        answer = client.get(route.at(nominal_id=nominal))
        assert answer.status_code < 500, route.name
        if not answer.is_success or not answer.headers["content-type"].startswith("text/html"):
            continue
        named += answer.text.count('href="/identity/people/')
        bare += [(route.name, text) for text in unlinked(answer.text, names)]
    assert sorted(set(bare)) == []
    assert named > 50


# Whoever looks after accounts of the area, and an administrator.
LOOKING_AFTER = ("samuel.oyelade", "yvonne.blenkinsop", "malcolm.sugden")


@pytest.mark.clause("PF-7/white pages.4")
@pytest.mark.parametrize("username", LOOKING_AFTER)
def test_each_form_about_a_user_says_whom_above_its_heading(world: World, username: str) -> None:
    """With their card one click away, in a tab of its own: what was typed stays."""
    names = {user.name for user in world.people.users}
    client = world.client(username)
    whom = world.principal("ruth.ackroyd").person_id
    bare: list[tuple[str, str]] = []
    forms = 0
    for route in routes(world.apps):
        if route.is_api or "GET" not in route.methods or "<uuid:person_id>" not in route.url:
            continue
        answer = client.get(route.at(person_id=whom))
        assert answer.status_code < 500, route.name
        if not answer.is_success or not answer.headers["content-type"].startswith("text/html"):
            continue
        bare += [(route.name, text) for text in unlinked(answer.text, names)]
        if isinstance(route.declared, Command):
            forms += 1
            above = answer.text.partition('<span class="govuk-caption-l">')[2].partition("</span>")[0]
            assert f'href="/identity/people/{whom}" target="_blank"' in above, route.name
    assert not bare, "\n".join(map(str, bare))
    assert forms > 1
