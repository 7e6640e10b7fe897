"""Every page of identity that somebody of the demonstration can reach by its links: axe-core, and narrow screens."""

from __future__ import annotations

from functools import partial
from itertools import chain

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Axe
from tests.browser.story.every_page import Met, declared, plain, try_by_address, walk
from tests.browser.story.user import at_two_widths, confirms, gets_in, unjudged
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
WITH_LITTLE = ("imran.sadiq", "chloe.unsigned")
STARTS = ["/identity/consoles", "/identity/my-access", "/identity/reports"]
# How many of the declared pages the demonstration has an occasion for; a page that nobody links to any more lowers it.
REACHED = 177


def problem(page: Page, judge: Axe) -> str | None:
    try:
        judge(page)
    except AssertionError as found:
        return str(found)
    return None


@pytest.mark.clause("PF-0.3.2")
def test_every_page_is_accessible_and_fits_a_phone(browser: Browser, suite: Running, axe: Axe) -> None:
    judge, seen, problems = at_two_widths(axe), set[str](), list[str]()
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
        user.context.close()
    assert not problems, "\n".join(problems)
    reached = sorted(name for name in declared() if name in seen)
    assert len(reached) >= REACHED, f"{len(reached)}: {sorted(set(declared()) - seen)}"
