"""Every template and macro in a real browser: for who sees, zooms, listens, types, or has no script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import NARROW, NARROWEST, WIDE, Axe, at_width, no_sideways_scroll, screenshot
from tests.browser.gallery import PAGES

# Pixels: what a target must measure (WCAG 2.5.8), and how far below a folded filter's head its list may begin.
SMALLEST_TARGET = 24
LINES_OF_A_FOLDED_FILTER = 120


@pytest.fixture
def messages(page: Page) -> list[str]:
    """What the browser complains of: a refused script or style, a missing asset, an error in a script."""
    found: list[str] = []
    page.on(
        "console",
        lambda message: found.append(message.text) if message.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("requestfailed", lambda request: found.append(request.url))
    return found


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_at_both_widths(
    name: str, gallery: str, page: Page, axe: Axe, messages: list[str]
) -> None:
    for label, size in (("wide", WIDE), ("narrow", NARROW)):
        at_width(page, size)
        page.goto(f"{gallery}/{name}")
        axe(page)
        no_sideways_scroll(page)
        screenshot(page, f"{name}-{label}")
    at_width(page, NARROWEST)
    no_sideways_scroll(page)
    assert not messages


def test_the_count_is_kept_fresh_and_costs_nothing_unchanged(gallery: str, page: Page) -> None:
    asked: list[str | None] = []
    page.on(
        "request",
        lambda request: (
            asked.append(request.headers.get("if-none-match")) if "/count" in request.url else None
        ),
    )
    page.clock.install()
    page.goto(f"{gallery}/list")
    badge = page.get_by_role("link", name="To-do list (9 open)")

    expect(badge).to_be_visible()  # the page came with 8
    with page.expect_response(lambda answer: answer.url.endswith("/count")) as second:
        page.clock.run_for(11_000)

    assert second.value.status == 304
    assert asked == [None, '"nine"']
    expect(badge).to_be_visible()


def test_the_error_summary_takes_the_focus_and_leads_to_the_box(gallery: str, page: Page) -> None:
    page.goto(f"{gallery}/form-wrong")

    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Date of contact must include a month").click()

    expect(page.get_by_role("group", name="Date of contact").get_by_label("Month")).to_be_focused()


def test_every_line_of_the_error_summary_moves_the_focus(gallery: str, page: Page) -> None:
    page.goto(f"{gallery}/form-wrong")
    links = page.locator(".govuk-error-summary a")
    assert links.count() >= 8

    for index in range(links.count()):
        links.nth(index).click()
        target = (links.nth(index).get_attribute("href") or "").removeprefix("#")
        assert page.evaluate("document.activeElement.id") == target


def test_what_was_typed_comes_back_from_a_page_made_without_the_database(gallery: str, page: Page) -> None:
    page.goto(f"{gallery}/unavailable")

    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="Try again").click()

    fields = sent.value.post_data_json or {}
    assert fields["reason"].startswith("She was seen at the school.\r\n<b>Twice</b>")
    assert (fields["on-day"], fields["_once"], fields["csrf_token"]) == ("17", "k", "a-token")


def test_the_skip_link_is_the_first_stop_of_the_keyboard(gallery: str, page: Page) -> None:
    page.goto(f"{gallery}/nominal")
    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")


def test_the_list_comes_before_its_filter_on_a_narrow_screen(gallery: str, page: Page) -> None:
    at_width(page, NARROW)
    page.goto(f"{gallery}/list")
    _opens_by_keyboard(page)


def test_nor_does_that_need_scripts(gallery: str, without_javascript: BrowserContext) -> None:
    page = without_javascript.new_page()
    at_width(page, NARROW)
    page.goto(f"{gallery}/list")
    _opens_by_keyboard(page)


def _opens_by_keyboard(page: Page) -> None:
    apply, opener = (
        page.get_by_role("button", name="Apply filter"),
        page.locator("summary.visor-filter__summary"),
    )
    expect(apply).to_be_hidden()
    expect(opener).to_have_text("Filter this list (2 set)")
    table = page.get_by_role("table").first.bounding_box()
    folded = opener.bounding_box()
    assert table is not None
    assert folded is not None
    assert table["y"] - folded["y"] < LINES_OF_A_FOLDED_FILTER
    assert folded["height"] >= SMALLEST_TARGET
    opener.focus()
    page.keyboard.press("Enter")
    expect(apply).to_be_visible()
    page.keyboard.press("Tab")
    expect(apply).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_beside_its_list_the_filter_stands_open(
    gallery: str, page: Page, without_javascript: BrowserContext, *, scripts: bool
) -> None:
    page = page if scripts else without_javascript.new_page()
    at_width(page, WIDE)
    page.goto(f"{gallery}/list")
    apply = page.get_by_role("button", name="Apply filter")
    expect(apply).to_be_visible()
    expect(page.locator("summary.visor-filter__summary")).to_be_hidden()
    apply.focus()
    expect(apply).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('form') !== null")


def test_a_search_is_sorted_without_standing_in_the_address(gallery: str, page: Page) -> None:
    page.goto(f"{gallery}/search")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name=re.compile("^Nominal")).click()

    assert sent.value.post_data_json == {
        "csrf_token": "a-token",
        "name": "Exampel",
        "born": "1979",
        "sort": "nominal",
    }
    assert "?" not in page.url


@pytest.mark.parametrize("name", PAGES)
def test_page_shows_all_it_has_without_javascript(
    name: str, gallery: str, without_javascript: BrowserContext
) -> None:
    page = without_javascript.new_page()
    page.goto(f"{gallery}/{name}")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for field in page.locator("main :is(input:not([type=hidden]), select, textarea)").all():
        expect(field).to_be_visible()
    if page.get_by_role("navigation", name="Service navigation").count():
        expect(page.get_by_role("link", name="To-do list")).to_be_visible()
    screenshot(page, f"{name}-no-javascript")


CARD = """<!doctype html><title>Card</title><h1>Priya Raman</h1>
<div data-visor-card><dl class="govuk-summary-list"><dt>Telephone</dt><dd>0113 496 0000</dd></dl></div>"""


@pytest.mark.clause("PF-7/white pages.5")
def test_a_contact_card_opens_over_the_record_and_closes_back_to_the_name(
    gallery: str, page: Page, axe: Axe, messages: list[str]
) -> None:
    page.route("**/identity/people/*", lambda route: route.fulfill(body=CARD, content_type="text/html"))
    page.goto(f"{gallery}/nominal")
    name = page.locator("a.visor-person").first
    name.focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog", name="Priya Raman")
    expect(card.get_by_text("0113 496 0000")).to_be_visible()
    axe(page)
    at_width(page, NARROWEST)
    no_sideways_scroll(page)
    page.keyboard.press("Escape")
    expect(card).not_to_be_attached()
    expect(name).to_be_focused()
    assert page.url.endswith("/nominal")
    assert not messages


def test_where_no_card_comes_a_name_leads_to_the_cards_own_page(gallery: str, page: Page) -> None:
    page.route("**/identity/people/*", lambda route: route.fulfill(body="<h1>Signed out</h1>"))
    page.goto(f"{gallery}/nominal")
    page.locator("a.visor-person").first.click()
    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()
