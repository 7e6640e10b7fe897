"""Every page of identity that somebody of the demonstration can reach by its links: axe-core, and narrow screens."""

from __future__ import annotations

from functools import partial
from itertools import chain

import pytest
from playwright.sync_api import Browser, Page

from shared.clock import SystemClock
from tests.browser.conftest import Axe
from tests.browser.story.every_page import Met, declared, plain, try_by_address, walk
from tests.browser.story.user import at_two_widths, confirms, gets_in, unjudged
from tests.journeys.world import invented_staff
from tests.names import unlinked
from tests.servers.running import Running

# A CPC reaches most; the others add what only they see: a prison group's CPC, an administrator, a ViSOR lead, a
# Governor, the SRO, a regional director, a head of public protection, an SPO and an LPC.
READERS = (
    "samuel.oyelade",
    "patrick.doyle",
    "yvonne.blenkinsop",
    "owen.llewellyn",
    "helen.featherstone",
    "arthur.moncrieff",
    "nerys.hallam",
    "carys.probert",
    "joanna.kaczmarek",
    "malcolm.sugden",
)
# An ordinary user, and somebody whose session opens onboarding alone: every page again, as they see it.
ONBOARDING = "chloe.unsigned"
WITH_LITTLE = ("imran.sadiq", ONBOARDING)
STARTS = ["/identity/consoles", "/identity/my-access", "/identity/reports"]
# How many of the declared pages the demonstration has an occasion for; a page that nobody links to any more lowers it.
REACHED = 177
# A page of the demonstration itself: it is for people who are not signed in, and open no card.
SHOWS_EVERYBODY = {"/identity/demonstration"}


def problem(page: Page, judge: Axe) -> str | None:
    try:
        judge(page)
    except AssertionError as found:
        return str(found)
    return None


@pytest.mark.clause("PF-0.3.2", "PF-7/white pages.4")
def test_every_page_is_accessible_fits_a_phone_and_links_names(
    browser: Browser, suite: Running, axe: Axe
) -> None:
    judge, seen, problems = at_two_widths(axe), set[str](), list[str]()
    names = {user.name for user in invented_staff(SystemClock().today()).users}
    for reader in (*READERS, *WITH_LITTLE):
        user = gets_in(browser, suite, reader, unjudged, javascript=True)
        known = seen if reader in READERS else set[str]()
        met = Met()
        linked = walk(
            user.page, suite.address, STARTS + plain(declared()), known, met, partial(confirms, user)
        )
        by_address = (
            try_by_address(user.page, suite.address, known, met, partial(confirms, user))
            if reader in READERS
            else ()
        )
        for name, status in chain(linked, by_address):
            assert status in {200, 403, 404}, f"{name} answers {status} to {reader}"
            if status == 200 and (said := problem(user.page, judge)):
                problems.append(f"{name}, {reader}: {said}")
            # Whoever is still on the way to ViSOR opens no card either.
            if status == 200 and name not in SHOWS_EVERYBODY and reader != ONBOARDING:
                bare = unlinked(user.page.content(), names)
                problems += [f"{name}, {reader}: no link to the card in “{text}”" for text in bare]
        user.context.close()
    assert not problems, "\n".join(problems)
    reached = sorted(name for name in declared() if name in seen)
    assert len(reached) >= REACHED, f"{len(reached)}: {sorted(set(declared()) - seen)}"
