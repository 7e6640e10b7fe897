"""Worlds of the whole suite in one process: migrated databases are made once and copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

import pytest

from deploy.demonstration.users import Staff
from deploy.web.one_machine import front
from shared.clock import SystemClock
from shared.settings import Settings
from tests.journeys import world as worlds
from tests.journeys.world import World
from tests.servers.databases import drop_database

DATABASES = ("identity", "records", "notifications", "keys")
UNITS = {"pdu-N55LEE", "area-53", "prison-WSI", "group-LNDN", "force-13", "home-office", "area-56"} | {
    "pdu-N55BAC",
    "pdu-N55WAK",
    "pdu-N55KIR",
}


@pytest.fixture(scope="session")
def people() -> Staff:
    return worlds.invented_staff(SystemClock().today())


@pytest.fixture(scope="session")
def templates(
    fresh_database: Callable[..., str], people: Staff, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Migrated databases that know the estate and the cast, and have had their first day.

    That day brings hundreds of uncovered roles, with a fact and its items for each: once here, else in every world.
    """
    urls = {name: fresh_database(f"template_{name}") for name in DATABASES}
    worlds.migrated(urls)
    home = tmp_path_factory.mktemp("template")
    settings = settings_over(urls, home)
    runtimes = worlds.open_suite(settings)
    urls["password"] = worlds.load_people(runtimes, people, UNITS)
    suite = front(settings, runtimes)
    worlds.live_the_first_day(runtimes)
    suite.hang_up()
    for runtime in runtimes.values():
        runtime.close()  # a template must have no open connection
    urls["home"] = str(home)
    return urls


@contextmanager
def opened_world(
    templates: dict[str, str],
    fresh_database: Callable[..., str],
    people: Staff,
    home: Path,
    amqp_url: str | None = None,
) -> Iterator[World]:
    """Copies of the templates, the suite over them, and its spine running; over a broker where there is one."""
    urls = {name: fresh_database(name, template=templates[name]) for name in DATABASES}
    # What the template encrypted must open here.
    shutil.copytree(Path(templates["home"]) / "keys", home / "keys")
    settings = settings_over(urls, home, amqp_url)
    runtimes = worlds.open_suite(settings)
    suite = front(settings, runtimes)
    try:
        with worlds.spine(runtimes, amqp_url):
            yield World(settings, runtimes, suite.application, suite.apps, people, templates["password"])
    finally:
        suite.hang_up()
        for runtime in runtimes.values():
            runtime.close()
        for url in urls.values():
            drop_database(url)


class OwnDatabases(Settings):
    """Settings whose databases have names of their own, so that many worlds fit into one server."""

    def database(self, service: str) -> str:
        urls: dict[str, str] = _URLS[str(self.home)]
        return urls[service]


_URLS: dict[str, dict[str, str]] = {}


def settings_over(urls: dict[str, str], home: Path, amqp_url: str | None = None) -> Settings:
    broker = {"VISOR_AMQP_URL": amqp_url} if amqp_url else {}
    made = Settings.from_environment({"VISOR_HOME": str(home), **broker})
    _URLS[str(made.home)] = urls
    return OwnDatabases(**{each.name: getattr(made, each.name) for each in fields(Settings)})
