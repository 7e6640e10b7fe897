"""The service, migrated once and copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import MetaData

from deploy.migrations import upgrade
from services.notifications import capabilities
from services.notifications.service import service
from shared.access import credentials
from shared.access.credentials import Verifier
from shared.clock import Clocks, FixedClock, SystemClock
from shared.database import Database
from shared.keys import SigningKeys, open_keys
from shared.keys.signing_keys import ACCESS_TOKENS
from shared.keys.tables import tables as key_tables
from shared.runtime import Runtime
from shared.settings import Settings
from shared.time.policy_clock import DatabaseOffset
from shared.web.application import create_application
from tests.servers.databases import FreshDatabase, drop_database
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
    drop_database(database.url)


class SignedIn(Protocol):
    """The headers of somebody's request; `tokens` as (name, unit)."""

    def __call__(self, person_id: UUID, *tokens: tuple[str, str], **more: Any) -> dict[str, str]: ...


@pytest.fixture(scope="session")
def notifications_signing(notifications_settings: Settings) -> SigningKeys:
    return SigningKeys(notifications_settings.keys_home, ACCESS_TOKENS)


@pytest.fixture
def client(office: Office, notifications_signing: SigningKeys) -> Iterator[FlaskClient]:
    """The web edge over the office's database."""

    def keys_of(issuer: str) -> object:
        if issuer != "visor":
            raise LookupError(issuer)
        return notifications_signing.public_keys()

    edge = replace(office.runtime)
    office.runtime.extras = edge.extras
    verifier = Verifier(keys_of, SystemClock())  # type: ignore[arg-type]
    folders = sorted(Path(capabilities.__file__).parent.glob("*/templates"))
    app = create_application(edge, verifier, capabilities.PAGES, folders)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = True
    with app.app_context():
        office.flask_engine = app.extensions["sqlalchemy"].engine
    yield app.test_client()
    office.flask_engine.dispose()


@pytest.fixture
def signed_in(office: Office, notifications_signing: SigningKeys) -> SignedIn:
    def headers(person_id: UUID, *tokens: tuple[str, str], **more: Any) -> dict[str, str]:
        token = credentials.issue(
            office.principal(person_id, *tokens, **more), notifications_signing.current, SystemClock()
        )
        return {"Authorization": f"Bearer {token}"}

    return headers
