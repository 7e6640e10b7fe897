"""Wherever a page names a user, the name leads to their white-pages card: who reads it can see who that is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
import pytest

from tests.journeys.test_story_api import create
from tests.journeys.world import World
from tests.walk.routes import routes

pytestmark = pytest.mark.xdist_group("walk")
READERS = ("ruth.ackroyd", "joanna.kaczmarek", "samuel.oyelade")
CARD = re.compile(r"/identity/people/[0-9a-f-]{36}$")
# Where a link cannot stand (choices, buttons, what is typed), or the page is about that person itself.
NO_PLACE_FOR_A_LINK = {
    "option",
    "button",
    "label",
    "legend",
    "textarea",
    "h1",
    "title",
    "script",
    "header",
    "svg",
}


def unlinked(page: Element, names: frozenset[str]) -> Iterator[str]:
    """Each text of the page that names somebody and stands in no link to a card."""
    linked = page.tag == "a" and CARD.search(page.get("href", ""))
    # "Remove", and for a screen reader "Ruth Ackroyd": another link of a row that has the name's own.
    unseen = "govuk-visually-hidden" in page.get("class", "")
    if linked or unseen or page.tag in NO_PLACE_FOR_A_LINK:
        return
    yield from (text for text in _own_texts(page) if any(name in text for name in names))
    for child in page:
        yield from unlinked(child, names)


def _own_texts(element: Element) -> Iterator[str]:
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip():
            yield " ".join(text.split())


@pytest.fixture(scope="module")
def nominal(world: World) -> str:
    return create(world)


@pytest.mark.clause("PF-7/white pages.4")
@pytest.mark.parametrize("username", READERS)
def test_every_name_of_a_user_leads_to_their_card(world: World, nominal: str, username: str) -> None:
    names = frozenset(user.name for user in world.people.users)
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
        named += len(CARD.findall(answer.text)) or answer.text.count("/identity/people/")
        page = html5lib.HTMLParser(namespaceHTMLElements=False).parse(answer.text)
        bare += [(route.name, text) for text in unlinked(page, names)]
    assert sorted(set(bare)) == []
    assert named > 50
