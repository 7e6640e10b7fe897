"""Drives Debian's Chromium; axe-core judges each page at both widths. Screenshots go to an ignored folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from shared.web import build_assets
from tests.browser.gallery import create
from tests.servers.required import require

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
SCREENSHOTS = build_assets.CHECKOUT / "screenshots"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}
NARROWEST = {"width": 320, "height": 640}
AXE = build_assets.MODULES / "axe-core/axe.min.js"

Axe = Callable[[Page], None]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    require("chromium")
    return {"executable_path": CHROMIUM, "args": CHROMIUM_ARGUMENTS, "headless": True}


@pytest.fixture(scope="session")
def base_url() -> str | None:
    """None: addresses are whole. Stands in for pytest-base-url's own, which warns under pytest 9."""
    return None


@pytest.fixture(scope="session", autouse=True)
def assets() -> Path:
    """The compiled style sheets and scripts, and axe-core beside them; nothing is done where they are current."""
    if not build_assets.is_current() or not AXE.exists():
        build_assets.build()
    return build_assets.ASSETS


@cache
def axe_source() -> str:
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def axe() -> Axe:
    """Asserts that axe-core finds nothing on the page. Injected past the policy that forbids inline scripts."""

    def check(page: Page) -> None:
        page.evaluate(axe_source())
        violations = page.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
        )
        assert not violations, described(page.url, violations)

    return check


def described(url: str, violations: list[dict[str, Any]]) -> str:
    lines = [
        f"{each['id']} ({each['impact']}): {each['help']}\n    {node['html']}\n    {node['failureSummary']}"
        for each in violations
        for node in each["nodes"]
    ]
    return "\n".join([f"axe-core on {url}:", *lines])


@pytest.fixture
def without_javascript(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(java_script_enabled=False, viewport=WIDE)  # type: ignore[arg-type]
    yield context
    context.close()


def at_width(page: Page, size: dict[str, int]) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]


def no_sideways_scroll(page: Page) -> None:
    """At the page's present width nothing reaches beyond the edge (WCAG 1.4.10 asks it of 320 px)."""
    wide = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth)
          .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert not wide, f"{page.url} is wider than {page.viewport_size}: {wide}"


def screenshot(page: Page, name: str) -> None:
    """What fits the viewport: a full-page picture fires media queries of its own."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


@pytest.fixture(scope="session")
def gallery() -> Iterator[str]:
    """The address of an application that shows every template and macro."""
    server = make_server("127.0.0.1", 0, create(), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
