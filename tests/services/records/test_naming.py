"""Every page of a record says whose it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

from sqlalchemy import text

from shared.access.principal import Principal
from tests.servers.records import World
from tests.services.records.conftest import Cast, Web

_NAVIGATION = re.compile(r'<nav class="(?:moj-sub-navigation|visor-subplaces)[^>]*>.*?</nav>', re.DOTALL)


def reached(browser: Web, first: str) -> Iterator[tuple[str, str]]:
    """(path, page) of all that the navigation of a record leads to within this service."""
    waiting, seen = [first], {first}
    while waiting:
        path = waiting.pop()
        page = browser.get(path).text
        yield path, page
        for href in re.findall(r'href="/records(/[^"]+)"', "".join(_NAVIGATION.findall(page))):
            if href not in seen:
                seen.add(href)
                waiting.append(href)


def test_each_page_of_the_navigation_names_the_person(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    nominal = records.nominal(
        forenames="Anne-Marie", surname="O'Dowd", manager_id=cast.manager.person_id, partners=(cast.manager,)
    )
    phone = {"telecom_type": "mobile", "number_or_address": "07700 900123", "status": "current"}
    given = {"source": "agency", "source_date": "2026-03-30", "from_date": "2026-03-30"}
    entry = records.run("attachments.add.telecoms", cast.manager, nominal_id=nominal, **phone, **given)
    entries = f"/nominals/{nominal}/attachments/entries/{entry['id']}"
    browser = web(cast.manager)
    pages = dict(reached(browser, f"/nominals/{nominal}"))
    pages |= {path: browser.get(path).text for path in (entries, f"{entries}/files")}
    assert len(pages) > 15
    unnamed = [path for path, page in pages.items() if "Anne-Marie O'Dowd" not in unescape(page)]
    assert unnamed == []


def test_whoever_was_not_let_in_reads_no_name(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    for path in ("activity-log", "attachments", "partners", "history"):
        assert "Darren" not in web(cast.stranger).get(f"/nominals/{cast.nominal}/{path}").text


def test_where_the_name_was_deleted_meanwhile_the_number_stands_alone(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    with records.engine.begin() as connection:
        connection.execute(text("DELETE FROM nominal_name WHERE nominal_id = :id"), {"id": cast.nominal})
    page = web(cast.manager).get(f"/nominals/{cast.nominal}/activity-log")
    assert (page.status_code, "Darren" in page.text) == (200, False)
