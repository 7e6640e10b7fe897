"""Which pages identity declares, and a walk that finds them by the links that somebody follows."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape

from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, Rule

from services.identity import capabilities
from services.identity.service import service

# Where a link leads that is no page to look at: files, signing out, and what a second service answers.
_PASSED_BY = ("/identity/api/", "/identity/sign-out")
_VARIABLE = re.compile(r"<(?:\w+:)?(\w+)>")
# How many ids a page is tried with, and what a page says that is not for this reader or has no occasion there.
TRIES = 5
REFUSED = {403, 404, 409, 422}
_FILES = ("/csv", "/xlsx", "/chart", "/pdf", "/scan", "/file")


@cache
def declared() -> dict[str, str]:
    """The address pattern of every page of identity that a GET opens, by the name of what declares it."""
    assert capabilities.PAGES
    found = {}
    for query in service.declarations.queries.values():
        if query.page is not None and (query.method == "GET" or query.page.opens):
            found[query.name] = f"/identity{query.page.path or query.path}"
    for command in service.declarations.commands.values():
        if command.form is not None:
            found[command.name] = f"/identity{command.form.path or command.path}"
    return {name: path for name, path in found.items() if not path.endswith(_FILES)}


@cache
def matcher() -> MapAdapter:
    """Made once: to compile two hundred patterns takes longer than to open a page."""
    return Map([Rule(path, endpoint=name) for name, path in declared().items()]).bind("localhost")


def name_of(matching: MapAdapter, path: str) -> str:
    """What declares this address; a page of another make by its address."""
    try:
        endpoint, _ = matching.match(path)
    except HTTPException:
        return path
    return str(endpoint)


def _links_in(html: str) -> list[str]:
    """Addresses of identity's own that the page leads to, in its order."""
    main = html.partition("<main")[2].partition("</main>")[0]
    found = [unescape(href) for href in re.findall(r'<a[^>]*href="([^"#]+)', main)]
    return [path for path in found if path.startswith("/identity/") and not _passed_by(path)]


def _passed_by(path: str) -> bool:
    bare = path.partition("?")[0]
    return bare.startswith(_PASSED_BY) or bare.endswith(_FILES)


class Met:
    """The ids and codes that the links met so far name, by what a page's address calls them."""

    def __init__(self) -> None:
        self.values: dict[str, dict[str, None]] = {}

    def note(self, links: list[str]) -> None:
        matching = matcher()
        for path in links:
            try:
                _, named = matching.match(path.partition("?")[0])
            except HTTPException:
                continue
            for name, value in named.items():
                self.values.setdefault(name, {})[str(value)] = None

    def addresses(self, pattern: str, most: int) -> list[str]:
        """Where a page that names one thing may stand, the newest met first; none for one that names two."""
        variables = _VARIABLE.findall(pattern)
        if len(variables) != 1:
            return []
        values = list(self.values.get(variables[0], {}))[::-1][:most]
        return [_VARIABLE.sub(value, pattern) for value in values]


Confirm = Callable[[], None]
CONFIRM = "/identity/confirm"


def opened(page: Page, url: str, confirm: Confirm) -> int:
    """The status of the page itself, never of "Confirm it is you", which stands before some after ten minutes."""
    answer = page.goto(url)
    if CONFIRM in page.url:
        confirm()
        answer = page.goto(url)
    assert CONFIRM not in page.url, f"{url} still asks who it is"
    return answer.status if answer else 0


def walk(
    page: Page, address: str, starts: list[str], seen: set[str], met: Met, confirm: Confirm
) -> Iterator[tuple[str, int]]:
    """Open each page once, for whoever sees it first; gives its name and status with it open.

    What another has seen already is read for its links alone, which differ from one role to another.
    """
    matching = matcher()
    waiting = deque(starts)
    tried: set[str] = set()
    while waiting:
        path = waiting.popleft()
        name = name_of(matching, path.partition("?")[0])
        if name in tried:
            continue
        tried.add(name)
        if name in seen:
            links = _links_in(page.request.get(f"{address}{path}").text())
            met.note(links)
            waiting.extend(links)
            continue
        status = opened(page, f"{address}{path}", confirm)
        if status == 200:
            seen.add(name)
            links = _links_in(page.content())
            met.note(links)
            waiting.extend(links)
        yield name, status


def try_by_address(
    page: Page, address: str, seen: set[str], met: Met, confirm: Confirm
) -> Iterator[tuple[str, int]]:
    """Open what no link led to, with one after another of the ids that were met; gives what answers other than no."""
    for name, pattern in declared().items():
        if name in seen:
            continue
        for path in met.addresses(pattern, TRIES):
            if page.request.get(f"{address}{path}").status in REFUSED:
                continue
            status = opened(page, f"{address}{path}", confirm)
            if status in REFUSED:
                continue
            if status == 200:
                seen.add(name)
            yield name, status
            break


def plain(paths: dict[str, str]) -> list[str]:
    """Those whose address names nothing in particular."""
    return [path for path in paths.values() if "<" not in path]
