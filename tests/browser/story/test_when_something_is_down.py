"""With the broker, the database or a process gone, people work on or are told; nothing is lost, nothing comes twice."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest
from playwright.sync_api import Browser, expect

from deploy.rabbitmq import RabbitMQ
from tests.browser.story.user import User, signs_in, unjudged
from tests.servers.processes import BACKSTAGE, WEB, called
from tests.servers.running import Running

PATIENCE = 60.0  # seconds until something that was killed must be back


@pytest.fixture
def ruth(browser: Browser, suite: Running) -> User:
    """The manager of a record; without JavaScript, so that nothing is polled behind her back."""
    return signs_in(browser, suite, "ruth.ackroyd", unjudged, javascript=False)


@pytest.fixture
def imran(browser: Browser, suite: Running) -> User:
    return signs_in(browser, suite, "imran.sadiq", unjudged, javascript=False)


def a_record_of(user: User, part: str) -> str:
    user.goes_to(f"/records/nominals?standing={part}")
    return str(user.page.locator("main table a").first.get_attribute("href"))


def types_an_entry(user: User, record: str, text: str) -> None:
    user.goes_to(f"{record}/activity-log/add")
    user.chooses("kind", "contact")
    user.fills(text=text)


def eventually(check: object, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if check():  # type: ignore[operator]
            return
        time.sleep(0.5)
    raise AssertionError(f"{what} did not happen within {PATIENCE} s")


def servers(suite: Running) -> list[int]:
    """The processes of its PostgreSQL."""
    command = ["pgrep", "-f", f"{suite.home}/postgres"]
    return [int(pid) for pid in subprocess.run(command, capture_output=True, check=False).stdout.split()]


@pytest.mark.clause("PF-7/To do list.6")
def test_with_the_broker_gone_people_work_on_and_items_arrive_later_once(
    suite: Running, rabbitmq_node: RabbitMQ, ruth: User, imran: User
) -> None:
    record = a_record_of(ruth, "manager")
    rabbitmq_node.kill()
    try:
        types_an_entry(ruth, record, "Written while the broker was away.")
        ruth.chooses("for_attention", "supervisor")
        ruth.clicks("Add entry")
        ruth.reads("Written while the broker was away.")

        def told() -> bool:
            ruth.goes_to("/notifications/todo")
            return "To-do items are delayed" in ruth.page.content()

        eventually(told, "the notice that items are delayed")
    finally:
        rabbitmq_node.start()

    def over() -> bool:
        ruth.goes_to("/notifications/todo")
        return "To-do items are delayed" not in ruth.page.content()

    eventually(over, "the end of the delay")
    assert "0 facts wait to leave" in suite.visor("health")


def test_with_the_database_gone_a_page_says_so_and_keeps_what_was_typed(suite: Running, ruth: User) -> None:
    record = a_record_of(ruth, "manager")
    types_an_entry(ruth, record, "Typed while the database was away.")
    for pid in servers(suite):
        os.kill(pid, signal.SIGKILL)

    ruth.clicks("Add entry")
    if "cannot be reached" in ruth.page.content():
        ruth.reads("Typed while the database was away.")

        def sent_again() -> bool:
            if "cannot be reached" in ruth.page.content():
                ruth.clicks("Try again")
            return "cannot be reached" not in ruth.page.content()

        eventually(sent_again, "the database's return")
    expect(ruth.page.locator("main")).to_contain_text("Typed while the database was away.")
    ruth.goes_to(f"{record}/activity-log")
    assert ruth.page.content().count("Typed while the database was away.") == 1


@pytest.mark.parametrize("process", [WEB, BACKSTAGE])
def test_a_killed_process_comes_back_and_nothing_is_lost(suite: Running, ruth: User, process: str) -> None:
    record = a_record_of(ruth, "manager")
    words = f"Before the end of {process}."
    types_an_entry(ruth, record, words)
    ruth.clicks("Add entry")
    before = set(called(process, suite.home))
    assert before
    for one in before:
        one.kill()

    def back() -> bool:
        if not set(called(process, suite.home)) - before:
            return False
        try:
            ruth.page.goto(f"{suite.address}{record}/activity-log")
        except Exception:  # noqa: BLE001 - nobody listens yet
            return False
        return words in ruth.page.content()

    eventually(back, f"the return of {process}")
