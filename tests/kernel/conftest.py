"""The notebook service, running over a database of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, text

from shared.access import credentials
from shared.access.credentials import Verifier
from shared.access.principal import Principal, grants
from shared.audit.guards import ddl
from shared.clock import Clocks, SystemClock
from shared.database import Database
from shared.ids import new_id
from shared.keys import SigningKeys, open_keys
from shared.keys.signing_keys import ACCESS_TOKENS
from shared.keys.tables import tables as key_tables
from shared.runtime import Runtime
from shared.settings import Settings
from shared.time.policy_clock import DatabaseOffset
from shared.web.application import create_application
from tests.kernel.notebook import service
from tests.servers.databases import drop_database

Bearer = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def core_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings.from_environment({"VISOR_HOME": str(tmp_path_factory.mktemp("core"))})


@pytest.fixture
def runtime(core_settings: Settings, fresh_database: Callable[..., str]) -> Iterator[Runtime]:
    database = Database(fresh_database("notebook"))
    with database.engine.begin() as connection:
        service.metadata.create_all(connection)
        for statement in ddl():
            connection.execute(text(statement))
    key_store = Database(fresh_database("keys"))
    metadata = MetaData()
    key_tables(metadata)
    metadata.create_all(key_store.engine)
    offset = DatabaseOffset(database.reading, service.tables.policy_clock)
    keys = open_keys(key_store.engine, core_settings.keys_home, "notebook")
    yield Runtime(service, core_settings, database, Clocks.of_this_machine(), offset, keys)
    for each in (database, key_store):
        each.dispose()
        drop_database(each.url)


@pytest.fixture
def signing(core_settings: Settings) -> SigningKeys:
    return SigningKeys(core_settings.keys_home, ACCESS_TOKENS)


@pytest.fixture
def app(runtime: Runtime, signing: SigningKeys) -> Iterator[Flask]:
    def keys_of(issuer: str) -> object:
        if issuer != "visor":
            raise LookupError(issuer)
        return signing.public_keys()

    app = create_application(runtime, Verifier(keys_of, SystemClock()))  # type: ignore[arg-type]
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def somebody() -> Principal:
    now = datetime.now(UTC)
    return Principal(
        person_id=UUID("00000000-0000-7000-8000-000000000001"),
        issuer="visor",
        session_id=new_id(),
        auth_time=now - timedelta(seconds=5),
        agency="probation-service",
        agency_kind="probation",
        unit="pdu-N55LEE",
        tokens=grants([("partner", "pdu-N55LEE")]),
        name="Sam Example",
    )


@pytest.fixture
def bearer(signing: SigningKeys, somebody: Principal) -> Bearer:
    def make(**changes: object) -> dict[str, str]:
        who = replace(somebody, **changes)  # type: ignore[arg-type]
        return {"Authorization": f"Bearer {credentials.issue(who, signing.current, SystemClock())}"}

    return make
