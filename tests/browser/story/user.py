"""One person at one browser, doing what people do: signing in, reading, filling in forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import NARROW, NARROWEST, WIDE, at_width, no_sideways_scroll, screenshot
from tests.servers.running import Running

Judge = Callable[[Page], None]
PATIENCE_MS = 15_000
CODES = 8  # tries, five seconds apart


@dataclass
class User:
    """`judge` looks at each page this person sees (axe-core at two widths); it does nothing without JavaScript."""

    name: str
    context: BrowserContext
    page: Page
    suite: Running
    judge: Judge

    def goes_to(self, path: str) -> None:
        self.page.goto(f"{self.suite.address}{path}")
        self.looks()

    def looks(self, picture: str | None = None) -> None:
        """Judge the page as it stands, and keep a picture of it."""
        self.judge(self.page)
        if picture:
            screenshot(self.page, picture)

    def clicks(self, text: str) -> None:
        """A link or a button by what it says."""
        self.presses(
            self.page.get_by_role("link", name=text).or_(self.page.get_by_role("button", name=text)).first
        )

    def presses(self, what: Locator) -> None:
        """Whatever is pressed leads to a page, which must be there before it is judged."""
        with self.page.expect_navigation():
            what.click()
        self.looks()

    def reads(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def fills(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").fill(value)

    def chooses(self, name: str, value: str) -> None:
        """In a list, among radios or among boxes."""
        if self.page.locator(f"main select[name={name}]").count():
            self.page.locator(f"main select[name={name}]").select_option(value)
        else:
            self.page.locator(f"main [name={name}][value='{value}']").check(force=True)

    def dates(self, name: str, day: date) -> None:
        self.fills(
            **{f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}
        )

    def finds_on_the_list(self, title: str, picture: str | None = None) -> None:
        """Reload the to-do list until the item is there."""
        item = self.page.locator("main table").get_by_text(title).first
        for _ in range(40):
            self.page.goto(f"{self.suite.address}/notifications/todo")
            if item.count():
                self.looks(picture)
                return
            self.page.wait_for_timeout(250)
        raise AssertionError(
            f"{self.name} has no to-do item “{title}”:\n{self.page.locator('main').inner_text()}"
        )


def at_two_widths(axe: Judge) -> Judge:
    """axe-core at 1280 and 390 px, and no sideways scrolling at 320."""

    def judge(page: Page) -> None:
        at_width(page, NARROWEST)
        no_sideways_scroll(page)
        for size in (NARROW, WIDE):
            at_width(page, size)
            axe(page)

    return judge


def unjudged(_page: Page) -> None:
    """Without JavaScript axe-core cannot run; the same pages are judged with it."""


def sits_down(browser: Browser, suite: Running, username: str, judge: Judge, *, javascript: bool) -> User:
    """A new browser at the person's own place of work, with the password typed in."""
    context = browser.new_context(java_script_enabled=javascript, viewport=WIDE)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    user = User(username, context, page, suite, judge)
    user.goes_to("/identity/demonstration")
    user.presses(page.locator("tr", has_text=username).get_by_role("button"))
    user.fills(username=username, password=suite.password)
    user.clicks("Continue")
    return user


def signs_in(browser: Browser, suite: Running, username: str, judge: Judge, *, javascript: bool) -> User:
    """Password, one-time code, attestation; a whole session begins with the to-do list."""
    user = gets_in(browser, suite, username, judge, javascript=javascript)
    expect(user.page.get_by_role("heading", level=1)).to_have_text("To-do list")
    user.looks()
    return user


def gets_in(browser: Browser, suite: Running, username: str, judge: Judge, *, javascript: bool) -> User:
    """The same, whatever session it opens."""
    user = sits_down(browser, suite, username, judge, javascript=javascript)
    for _ in range(CODES):
        _gives_a_code(user)
        if "one-time code" not in user.page.locator("h1").inner_text():
            break
        user.page.wait_for_timeout(
            5_000
        )  # a code counts once: somebody who was here a moment ago waits for the next
    return user


def _gives_a_code(user: User) -> None:
    user.page.locator("main input[autocomplete=one-time-code]").fill(code_of(user))
    for box in user.page.locator("main input[type=checkbox]").all():
        box.check(force=True)
    user.presses(user.page.get_by_role("button", name="Sign in"))


def confirms(user: User) -> None:
    """ "Confirm it is you", with the next code: one that was given already does not count."""
    for _ in range(CODES):
        user.fills(password=user.suite.password, code=code_of(user))
        user.presses(user.page.get_by_role("button", name="Confirm").first)
        if "Confirm it is you" not in user.page.locator("h1").first.inner_text():
            return
        user.page.wait_for_timeout(5_000)


def code_of(user: User) -> str:
    """The code of this moment, as the demonstration shows it."""
    page = user.context.new_page()
    page.goto(f"{user.suite.address}/identity/demonstration")
    code = page.locator("tr", has_text=user.name).locator("td code").last.inner_text()
    page.close()
    return code
