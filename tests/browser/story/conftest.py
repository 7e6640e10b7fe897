"""One running suite for the whole story, over a RabbitMQ of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from deploy.ports import free_port
from deploy.rabbitmq import RabbitMQ
from deploy.throwaway import throwaway_folder
from tests.browser.conftest import Axe
from tests.browser.story.user import User, at_two_widths, signs_in, sits_down, unjudged
from tests.servers.running import Running, start

Arrive = Callable[[str], User]


@pytest.fixture(scope="session")
def suite(rabbitmq_node: RabbitMQ) -> Iterator[Running]:
    rabbitmq_node.add_vhost("story")
    folder = throwaway_folder("visor-story-")
    running = start(folder / "home", free_port(), rabbitmq_node.url(vhost="story"))
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def arrive(browser: Browser, suite: Running, axe: Axe, javascript: bool) -> Iterator[Arrive]:
    """`arrive(username)`: that person signs in, in a browser of their own."""
    judge = at_two_widths(axe) if javascript else unjudged
    here: list[User] = []

    def come(username: str) -> User:
        here.append(signs_in(browser, suite, username, judge, javascript=javascript))
        return here[-1]

    yield come
    for user in here:
        user.context.close()


@pytest.fixture
def try_to_arrive(browser: Browser, suite: Running, axe: Axe, javascript: bool) -> Iterator[Arrive]:
    """`try_to_arrive(username)`: that person types the password, and sees what comes of it."""
    judge = at_two_widths(axe) if javascript else unjudged
    here: list[User] = []

    def come(username: str) -> User:
        here.append(sits_down(browser, suite, username, judge, javascript=javascript))
        return here[-1]

    yield come
    for user in here:
        user.context.close()
