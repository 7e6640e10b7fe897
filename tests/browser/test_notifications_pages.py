"""The pages of notifications in a real browser, with a list as somebody would have it on an ordinary day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page, expect
from werkzeug.serving import make_server

from services.notifications.todo.cards import NominalCard
from shared.events.records.access import STANDING_CHANGED
from shared.events.records.activity_log import NOTIFY_MANAGER
from shared.events.records.nominals import NOMINAL_ACCESSED_UNPARTNERED, NOMINAL_CHANGED
from shared.ids import new_id
from shared.web.static_files import with_assets
from tests.browser.conftest import NARROW, NARROWEST, WIDE, Axe, at_width, no_sideways_scroll, screenshot
from tests.services.notifications.conftest import (
    SignedIn,
    client,
    notifications_keys,
    notifications_settings,
    notifications_signing,
    notifications_template,
    office,
    signed_in,
)
from tests.services.notifications.facts import meeting, reception, request
from tests.services.notifications.office import Office

__all__ = [
    "client",
    "notifications_keys",
    "notifications_settings",
    "notifications_signing",
    "notifications_template",
    "office",
    "signed_in",
]
NAMES = ("Darren Alan EXAMPLE", "Colin SPECIMEN", "Marcus PLACEHOLDER", "Susan TESTCASE")


class EveryCard:
    """Records, as far as it names the four nominals of this test."""

    def __init__(self, nominals: Sequence[UUID]) -> None:
        self.cards = {
            one: NominalCard(
                f"V0000123{number}", NAMES[number], 1970 + number, "Leeds", f"/records/nominals/{one}"
            )
            for number, one in enumerate(nominals)
        }

    def fetch(self, refs: Sequence[UUID], credential: str) -> Mapping[UUID, NominalCard]:
        assert credential
        return {ref: self.cards[ref] for ref in refs if ref in self.cards}


@pytest.fixture
def desk(office: Office, client: FlaskClient, signed_in: SignedIn) -> Iterator[str]:
    """The address of one CPC's desk; she is signed in."""
    cass = office.person("Cass", ("cpc", "area-53"), unit="area-53")
    nominals = [new_id() for _ in NAMES]
    _a_day(office, cass, nominals)
    office.runtime.extras["cards"] = EveryCard(nominals)
    header = signed_in(cass, ("cpc", "area-53"))["Authorization"]
    app = with_assets(client.application)

    def edge(environ: dict[str, Any], start_response: Any) -> Any:
        return app({**environ, "HTTP_AUTHORIZATION": header}, start_response)

    server = make_server("127.0.0.1", 0, edge, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/notifications"
    server.shutdown()
    thread.join()
    server.server_close()


def _a_day(office: Office, cass: UUID, nominals: Sequence[UUID]) -> None:
    """Something overdue, due today, due soon, planned, important, without a date, and a rung climbed."""
    today = office.clock.today()
    for days, nominal in zip((9, 7, 4, 0), nominals, strict=True):
        reception(office, cass, at=office.clock.now() - timedelta(days=days), nominal_id=nominal)
    office.at(date(2026, 3, 4))
    request(office, (office.person("Mel"), "manager"), nominal_id=nominals[1])
    office.at(today)
    meeting(office, cass, level=3, held_on=today)
    attention = {"nominal_id": nominals[0], "entry_id": new_id(), "for_attention": ["cpc"]}
    office.deliver(NOTIFY_MANAGER, attention, [(cass, "cpc", "area-53")])
    looked = {"nominal_id": nominals[2], "access_id": new_id()}
    office.deliver(NOMINAL_ACCESSED_UNPARTNERED, looked, [(cass, "cpc", "area-53")])
    office.deliver(
        NOTIFY_MANAGER, {**attention, "entry_id": new_id()}, [(cass, "cpc", "area-53")], detail="restricted"
    )
    reception(office, None)
    for nominal in nominals[:2]:
        standings = [{"person_id": cass, "standing": "cpc"}]
        picture = {"nominal_id": nominal, "chunk": 1, "chunks": 1, "version": 1, "standings": standings}
        office.deliver(STANDING_CHANGED, picture)
        office.deliver(
            NOMINAL_CHANGED, {"nominal_id": nominal, "what": "custody_prison", "standing_version": 1}
        )
    office.tick()


def _addresses(office: Office) -> dict[str, str]:
    with office.runtime.database.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT (SELECT id FROM todo_item WHERE kind = 'escalation' LIMIT 1), d.id, d.nominal_id,"
            " (SELECT id FROM todo_item WHERE kind = 'accessed_unpartnered' LIMIT 1)"
            " FROM deadline d WHERE code = 'D-10'"
        ).one()
    return {
        "todo": "/todo",
        "todo-item": f"/todo/{rows[0]}",
        "changes": "/changes",
        "deadlines": "/deadlines",
        "deadline": f"/deadlines/{rows[1]}",
        "deadlines-of-a-record": f"/nominals/{rows[2]}/deadlines",
        "deadline-catalogue": "/deadlines/catalogue",
        "todo-by-nominal": "/todo?sort=nominal",
        "todo-overdue": "/todo?due=overdue",
        "put-off": f"/todo/{rows[3]}/later/new",
        "cover": "/cover",
        "name-cover": "/cover/new",
        "mail": "/preferences/new",
        "who-is-told": "/alerts",
        "rpt-08": "/reports/rpt-08",
        "vacant-roles": "/vacant-roles",
    }


def test_every_page_is_accessible_at_each_width(office: Office, desk: str, page: Page, axe: Axe) -> None:
    complaints: list[str] = []
    page.on("console", lambda one: complaints.append(one.text) if one.type in {"error", "warning"} else None)
    for name, path in _addresses(office).items():
        for label, size in (("wide", WIDE), ("narrow", NARROW)):
            at_width(page, size)
            assert page.goto(desk + path).ok, path  # type: ignore[union-attr]
            axe(page)
            no_sideways_scroll(page)
            screenshot(page, f"notifications-{name}-{label}")
        at_width(page, NARROWEST)
        no_sideways_scroll(page)
    assert complaints == []


@pytest.mark.clause("PF-4.30.1")
def test_an_item_is_taken_off_the_list_without_javascript(
    desk: str, without_javascript: BrowserContext
) -> None:
    page = without_javascript.new_page()
    page.goto(f"{desk}/todo")
    before = page.locator("tbody tr").count()
    page.get_by_role("link", name="Somebody who is not a partner opened a record").click()
    page.get_by_label("No action is needed").check()
    page.get_by_role("button", name="Save outcome").click()
    expect(page.get_by_text("Say why no action is needed").first).to_be_visible()
    assert page.get_by_label("No action is needed").is_checked()
    page.get_by_label("I have done it").check()
    page.get_by_role("button", name="Save outcome").click()
    expect(page.get_by_text("The outcome is saved")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(before - 1)


def test_the_list_is_filtered_and_sorted_by_keyboard_alone(desk: str, page: Page) -> None:
    page.goto(f"{desk}/todo")
    page.get_by_label("Overdue", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("caption")).to_contain_text("2 open tasks")
    page.get_by_role("link", name="Due", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Due")
    assert "due=overdue" in page.url


def test_several_are_closed_at_once_and_the_count_in_the_header_follows_without_a_reload(
    office: Office, desk: str, page: Page, axe: Axe
) -> None:
    page.goto(f"{desk}/todo")
    badge = page.locator(
        ".moj-primary-navigation .moj-notification-badge, [data-visor-count-url] .moj-notification-badge"
    )
    expect(badge.first).to_be_visible()
    before = int(badge.first.locator("[aria-hidden]").inner_text())
    (cass,) = (who for name, who in office._people.items() if name == "Cass")
    entry = {"nominal_id": new_id(), "entry_id": new_id(), "for_attention": ["cpc"]}
    office.deliver(NOTIFY_MANAGER, entry, [(cass, "cpc", "area-53")])
    expect(badge.first.locator("[aria-hidden]")).to_have_text(str(before + 1), timeout=15_000)
    for box in page.get_by_role("checkbox", name="Choose:").all()[:2]:
        box.check(force=True)
    page.get_by_role("button", name="Mark the chosen as done").click()
    expect(page.get_by_text("The outcome is saved")).to_be_visible()
    axe(page)
    screenshot(page, "notifications-several-done")
