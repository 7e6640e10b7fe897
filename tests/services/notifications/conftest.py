"""The service, migrated once and copied for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import MetaData

import services.notifications.capabilities  # noqa: F401 - the service is complete once this is imported
from deploy.migrations import upgrade
from services.notifications.service import service
from shared.clock import Clocks, FixedClock, SystemClock
from shared.database import Database
from shared.keys import open_keys
from shared.keys.tables import tables as key_tables
from shared.runtime import Runtime
from shared.settings import Settings
from shared.time.policy_clock import DatabaseOffset
from tests.servers.databases import FreshDatabase
from tests.services.notifications.office import START, Office


@pytest.fixture(scope="session")
def notifications_template(fresh_database: FreshDatabase) -> str:
    url = fresh_database("notifications_template")
    upgrade("notifications", url)
    return url


@pytest.fixture(scope="session")
def notifications_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings.from_environment({"VISOR_HOME": str(tmp_path_factory.mktemp("notifications"))})


@pytest.fixture(scope="session")
def notifications_keys(fresh_database: FreshDatabase) -> Iterator[Database]:
    key_store = Database(fresh_database("keys"))
    metadata = MetaData()
    key_tables(metadata)
    metadata.create_all(key_store.engine)
    yield key_store
    key_store.dispose()


@pytest.fixture
def office(
    fresh_database: FreshDatabase,
    notifications_template: str,
    notifications_settings: Settings,
    notifications_keys: Database,
) -> Iterator[Office]:
    database = Database(fresh_database("notifications", notifications_template))
    clock = FixedClock(START)
    offset = DatabaseOffset(database.reading, service.tables.policy_clock)
    keys = open_keys(notifications_keys.engine, notifications_settings.keys_home, "notifications")
    clocks = Clocks(policy=clock, system=SystemClock())
    office = Office(Runtime(service, notifications_settings, database, clocks, offset, keys), clock)
    office.add_units()
    yield office
    database.dispose()
