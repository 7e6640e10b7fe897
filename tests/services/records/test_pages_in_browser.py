"""Each page of custody, partnership, the log and meetings in Chromium: nothing for axe, nothing beyond the edge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from deploy.assembly import application
from deploy.participants import participant
from services.records.deletion.rules import CHECKLIST
from shared import drafts
from shared.access import credentials
from shared.access.principal import Principal
from shared.clock import SystemClock
from shared.keys import SigningKeys
from shared.keys.signing_keys import ACCESS_TOKENS
from shared.messaging.task_runner import TaskRunner
from shared.web.static_files import with_assets
from tests.browser.conftest import (
    NARROW,
    NARROWEST,
    WIDE,
    assets,
    at_width,
    axe,
    base_url,
    browser_type_launch_args,
    no_sideways_scroll,
    screenshot,
)
from tests.servers.records import NOW, World
from tests.services.records.conftest import Cast, feed
from tests.services.records.test_attachment_files import photograph as taken
from tests.services.records.test_custody_messages import message
from tests.services.records.test_imminent_risk import entered
from tests.services.records.test_ndelius_contacts import CRN, MESSAGE

__all__ = ["assets", "axe", "base_url", "browser_type_launch_args"]
TEXT = "Seen at home with his mother. He says that he looks for work.\n\nNext appointment on Tuesday."


@pytest.fixture
def address(records: World) -> Iterator[str]:
    before = records.runtime.session
    app = application(records.runtime, records.runtime.settings)
    server = make_server("127.0.0.1", 0, with_assets(app), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/records"
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
    records.runtime.session = before


@pytest.fixture
def pages(records: World, cast: Cast) -> list[tuple[str, Principal, str]]:
    """Something on every page: (name, who looks, path)."""
    run, nominal = records.run, cast.nominal
    for changes in ({}, {"nomsNumber": "A9999ZZ"}, {"prisonId": "ZZZ"}):
        run("custody.hear", feed(), Message=message(**changes))
    before = (NOW - timedelta(days=30)).isoformat()
    given: dict[str, Any] = {"nominal_id": nominal, "kind": "released", "prison": "prison-WSI", "at": before}
    run("custody.record", cast.manager, **given)
    asked = run("partnership.request", cast.prison, nominal_id=nominal, whom="unit", reason="He came today.")
    for attention in ([], ["manager", "lpc"]):
        entry = {"kind": "risk", "text": TEXT, "for_attention": attention}
        written = run("activity_log.add", cast.partner, nominal_id=nominal, **entry)
    more = {
        "important": True,
        "attachments": ["telecoms"],
        "to_inform": "Housing",
        "only_roles": ["cpc", "manager"],
    }
    run("activity_log.add", cast.partner, nominal_id=nominal, **entry, **more)
    run("activity_log.correct", cast.partner, nominal_id=nominal, entry_id=UUID(written["id"]), text=TEXT)
    risk = run("imminent_risk.raise", cast.partner, nominal_id=nominal, **entered(cast))
    run("imminent_risk.flag_contact", cast.partner, nominal_id=nominal, reference="C-77")
    first, second = (
        run("meetings.record", cast.manager, nominal_id=nominal, level=level, held_on="2026-03-02")
        for level in (2, 3)
    )
    minutes = {"received_on": "2026-03-03", "minutes": "Present: …\n\nAgreed: …"}
    run("meetings.add_minutes", cast.manager, nominal_id=nominal, meeting_id=UUID(first["id"]), **minutes)
    with records.runtime.work(cast.manager, "test") as work:
        typed = [("kind", "risk"), ("text", TEXT), ("for_attention", "cpc")]
        place = f"/nominals/{nominal}/activity-log/add"
        drafts.save(work, place, "Add an activity log entry", typed, files=["letter.pdf"], nominal_id=nominal)
    asked_for = {"parts": ["summary", "activity_log", "meetings"], "reason": "For the panel on Tuesday."}
    paper = run("printing.ask", cast.manager, nominal_id=nominal, **asked_for)["id"]
    runner = TaskRunner(participant(records.runtime))
    for row in records.rows("SELECT id FROM task WHERE name = 'printing.make'"):
        runner.run(row.id)
    photograph = taken(records, cast.partner, cast)
    files = f"/nominals/{nominal}/attachments/entries/{photograph['id']}/files"
    for row in records.rows("SELECT id FROM task WHERE name = 'previews.make'"):
        runner.run(row.id)
    shared = {"department": "security", "what": TEXT, "shared_at": NOW.isoformat()}
    run("sharing.note", cast.manager, nominal_id=nominal, **shared)
    leaves = (NOW + timedelta(days=3)).isoformat()
    run("prison_moves.book", cast.manager, nominal_id=nominal, to_prison="prison-WSI", departs_at=leaves)
    aside = records.ask("custody.set_aside", cast.prison_cpc)["messages"][0].id
    other = records.nominal(surname="Exampel", manager_id=cast.manager.person_id)
    checked = {
        "ground": "unlawful",
        "checked": list(CHECKLIST),
        "reason": "Entered by mistake for his brother.",
    }
    deletion = run("deletion.request", cast.cpc, nominal_id=other, **checked)
    old = records.nominal(surname="Old", status="archived")
    known = records.nominal(surname="Known", manager_id=cast.manager.person_id, numbers={"crn": CRN})
    for reference in ("900123", "900124"):
        run("ndelius_contacts.hear", feed("integration.ndelius"), **MESSAGE | {"reference": reference})
    waiting = records.rows("SELECT id FROM ndelius_contact ORDER BY reference")
    contacts = f"/nominals/{known}/ndelius-contacts"
    left = {"nominal_id": known, "contact_id": waiting[1].id, "reason": "An entry says the same already."}
    run("ndelius_contacts.leave_out", cast.manager, **left)
    base, request = f"/nominals/{nominal}", f"/nominals/{nominal}/partnership/requests/{asked['id']}"
    return [
        ("archive-of-record", cast.cpc, f"{base}/archive"),
        ("archive", cast.cpc, "/archive"),
        ("unarchive", cast.cpc, f"/nominals/{old}/archive/end"),
        ("death", cast.manager, f"{base}/death/new"),
        ("duplicates", cast.cpc, f"{base}/merges"),
        ("compare", cast.cpc, f"{base}/merges/{other}"),
        ("merge-new", cast.cpc, f"{base}/merges/{other}/new"),
        ("retention", cast.cpc, f"{base}/retention"),
        ("deletion-new", cast.cpc, f"/nominals/{old}/deletion/new"),
        ("deletion", cast.cpc, f"/deletions/{deletion['id']}"),
        ("rpt-14", cast.cpc, "/reports/rpt-14"),
        ("log", cast.partner, f"{base}/activity-log"),
        ("log-add", cast.partner, f"{base}/activity-log/add"),
        ("log-restricted", cast.lpc, f"{base}/activity-log"),
        ("log-correct", cast.partner, f"{base}/activity-log/{newest(records)}/correct"),
        ("contacts", cast.manager, contacts),
        ("contact-new", cast.manager, f"{contacts}/new"),
        ("contact-add", cast.manager, f"{contacts}/{waiting[0].id}/add"),
        ("contact-leave-out", cast.manager, f"{contacts}/{waiting[0].id}/leave-out"),
        ("folders", cast.manager, f"{base}/attachments"),
        ("intelligence", cast.cpc, f"{base}/attachments/intelligence"),
        ("risks", cast.manager, f"{base}/imminent-risk"),
        ("risk", cast.manager, f"{base}/imminent-risk/{risk['id']}"),
        ("risk-new", cast.manager, f"{base}/imminent-risk/new"),
        ("risk-stand-down", cast.manager, f"{base}/imminent-risk/{risk['id']}/stand-down"),
        ("risk-queue", cast.lpc, "/imminent-risk/queue"),
        ("digest", cast.manager, "/practitioner-digest"),
        ("partners-add", cast.manager, f"{base}/partners/add"),
        ("partners-history", cast.manager, f"{base}/partners/history"),
        ("partnership-drafts", cast.prison, "/partnership/drafts"),
        ("log-draft", cast.manager, f"{base}/activity-log/add"),
        ("drafts", cast.manager, "/drafts"),
        ("attachment-draft", cast.manager, f"{base}/attachments/telecoms/new"),
        ("print-new", cast.manager, f"{base}/prints/new"),
        ("print-log", cast.cpc, f"{base}/prints"),
        ("print-one", cast.manager, f"{base}/prints/{paper}"),
        ("summary-photograph", cast.manager, base),
        ("files", cast.partner, files),
        ("file-look", cast.partner, f"{files}/{photograph['values']['image']}"),
        ("file-attach", cast.partner, f"{files}/new"),
        ("minimum-dataset", cast.manager, f"{base}/minimum-dataset"),
        ("rpt-06", cast.lpc, "/reports/rpt-06"),
        ("partners", cast.manager, f"{base}/partners"),
        ("partner-remove", cast.manager, f"{base}/partners/{cast.partner.person_id}/remove"),
        ("request-new", cast.stranger, f"{base}/partnership/requests/new"),
        ("request", cast.manager, f"/partnership/requests/{asked['id']}"),
        ("request-grant", cast.manager, f"{request}/grant"),
        ("request-refuse", cast.manager, f"{request}/refuse"),
        ("requests", cast.manager, "/partnership/requests"),
        ("requests-asked", cast.prison, "/partnership/requests/asked"),
        ("meetings", cast.manager, f"{base}/meetings"),
        ("meeting-new", cast.manager, f"{base}/meetings/new"),
        ("minutes-new", cast.manager, f"{base}/meetings/{second['id']}/minutes/new"),
        ("minutes", cast.manager, f"{base}/meetings/{first['id']}"),
        ("custody", cast.manager, f"{base}/custody"),
        ("custody-new", cast.manager, f"{base}/custody/new"),
        ("set-aside", cast.prison_cpc, "/integrations/hmpps/set-aside"),
        ("set-aside-text", cast.prison_cpc, f"/integrations/hmpps/set-aside/{aside}"),
        ("change", cast.manager, f"{base}/change"),
        ("category", cast.manager, f"{base}/category/change"),
        ("history", cast.manager, f"{base}/history"),
        ("risk-list", cast.supervisor, f"{base}/risk"),
        ("transfers", cast.cpc, f"{base}/transfers"),
        ("limited-access", cast.cpc, f"{base}/limited-access"),
        ("conflicts", cast.cpc, f"{base}/conflicts"),
        ("looked", cast.cpc, f"{base}/looked"),
        ("sharing", cast.manager, f"{base}/sharing"),
        ("prison-moves", cast.manager, f"{base}/prison-moves"),
        ("unread", cast.supervisor, "/unread-by-practitioners"),
        ("reception-waiting", cast.prison, "/reception/waiting"),
        ("not-partnered", cast.prison, f"{base}/activity-log/add"),
    ]


def newest(records: World) -> UUID:
    """An entry that can be corrected."""
    found: UUID = records.rows("SELECT id FROM activity_entry WHERE readers IS NOT NULL")[0][0]
    return found


def token_of(records: World, who: Principal) -> str:
    key = SigningKeys(records.runtime.settings.keys_home, ACCESS_TOKENS).current
    return credentials.issue(replace(who, issuer=records.runtime.settings.issuer), key, SystemClock())


def test_every_page_at_every_width(
    records: World,
    address: str,
    pages: list[tuple[str, Principal, str]],
    browser: Browser,
    axe: Callable[..., None],
) -> None:
    for name, who, path in pages:
        authorization = {"Authorization": f"Bearer {token_of(records, who)}"}
        context = browser.new_context(extra_http_headers=authorization)
        page = context.new_page()
        page.goto(address + path)
        for label, size in (("wide", WIDE), ("narrow", NARROW)):
            at_width(page, size)
            axe(page)
            no_sideways_scroll(page)
            screenshot(page, f"records-{name}-{label}")
        at_width(page, NARROWEST)
        no_sideways_scroll(page)
        context.close()


def test_what_is_typed_is_kept_while_it_is_typed(
    records: World, cast: Cast, address: str, browser: Browser
) -> None:
    """Thirty seconds after the last saving, if anything changed; a reload, as after a new sign-in, shows it."""
    context = browser.new_context(
        extra_http_headers={"Authorization": f"Bearer {token_of(records, cast.partner)}"}
    )
    page = context.new_page()
    page.clock.install(time=NOW)
    page.goto(f"{address}/nominals/{cast.nominal}/activity-log/add")
    page.clock.run_for(31_000)
    assert records.rows("SELECT FROM draft") == []  # nothing was typed
    page.get_by_label("Entry", exact=True).fill(TEXT)
    page.clock.run_for(31_000)
    page.get_by_text("Draft saved at").wait_for()
    page.reload()
    assert page.get_by_label("Entry", exact=True).input_value() == TEXT
    page.get_by_label("Type of entry").select_option("risk")
    page.get_by_role("button", name="Add entry").click()
    page.get_by_text("The entry is on the log.").wait_for()
    assert records.rows("SELECT FROM draft") == []
    context.close()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_second_page_of_a_search_by_keyboard_alone(
    records: World, cast: Cast, address: str, browser: Browser, axe: Callable[..., None], javascript: bool
) -> None:
    for number in range(53):
        records.nominal(forenames=f"John N{number}", surname="Smith")
    context = browser.new_context(
        extra_http_headers={"Authorization": f"Bearer {token_of(records, cast.partner)}"},
        java_script_enabled=javascript,
        viewport=WIDE,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(f"{address}/search")
    page.get_by_label("Surname").focus()
    page.keyboard.type("Smith")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Records 1 to 50").wait_for()
    page.get_by_role("link", name="Search again").focus()
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.locator(":focus").inner_text() == "Next page":
            break
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Records 51 to 53").wait_for()
    assert page.get_by_label("Surname").input_value() == "Smith"
    assert page.url == f"{address}/search"
    for label, size in (("wide", WIDE), ("narrow", NARROW)):
        at_width(page, size)
        if javascript:
            axe(page)
            screenshot(page, f"records-search-2-{label}")
        no_sideways_scroll(page)
    context.close()
