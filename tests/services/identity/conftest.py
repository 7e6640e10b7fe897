"""Identity over a migrated database of its own, and the people that its tests tell of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from deploy.migrations import upgrade
from services.identity import capabilities
from services.identity.capabilities import PAGES
from services.identity.service import service
from services.identity.sessions.credentials import signing_keys
from shared.access.credentials import Verifier
from shared.clock import Clocks, FixedClock
from shared.database import Database
from shared.keys import open_keys
from shared.runtime import Runtime
from shared.settings import Settings
from shared.time.policy_clock import DatabaseOffset
from shared.web.application import create_application
from tests.servers.databases import FreshDatabase, drop_database
from tests.services.identity.house import House

TEMPLATES = sorted(Path(capabilities.__file__).parent.glob("*/templates"))
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def facts_name_whom_they_concern(nobody_is_forgotten: None) -> None:
    """Whatever a test of identity does: no fact that starts a clock names nobody, no alert rule misleads."""


@pytest.fixture(scope="session")
def identity_template(fresh_database: FreshDatabase) -> str:
    url = fresh_database("identity_template")
    upgrade("identity", url)
    return url


@pytest.fixture(scope="session")
def key_store(fresh_database: FreshDatabase) -> Iterator[Database]:
    url = fresh_database("keys")
    upgrade("keys", url)
    store = Database(url)
    yield store
    store.dispose()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings.from_environment({"VISOR_HOME": str(tmp_path_factory.mktemp("identity"))})


@pytest.fixture
def clock() -> FixedClock:
    """Both clocks, standing still at 9:00 on Monday 2 March 2026 until a test moves it."""
    return FixedClock(NOW)


@pytest.fixture
def runtime(
    settings: Settings,
    key_store: Database,
    identity_template: str,
    fresh_database: FreshDatabase,
    clock: FixedClock,
) -> Iterator[Runtime]:
    database = Database(fresh_database("identity", template=identity_template))
    keys = open_keys(key_store.engine, settings.keys_home, "identity")
    offset = DatabaseOffset(database.reading, service.tables.policy_clock)
    yield Runtime(service, settings, database, Clocks(clock, clock), offset, keys)
    database.dispose()
    drop_database(database.url)


@pytest.fixture
def house(runtime: Runtime, clock: FixedClock) -> House:
    house = House(runtime, clock)
    house.build()
    return house


@pytest.fixture
def app(runtime: Runtime) -> Iterator[Flask]:
    def keys_of(_issuer: str) -> object:
        return signing_keys(runtime).public_keys()

    verifier = Verifier(keys_of, runtime.clocks.system)  # type: ignore[arg-type]
    app = create_application(runtime, verifier, PAGES, TEMPLATES)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
