"""The drawer over a database, a folder and keys of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
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
from tests.services.files.drawer import service
from tests.services.files.visitor import Visitor


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"VISOR_HOME": str(tmp_path)})


@pytest.fixture
def runtime(settings: Settings, fresh_database: Callable[..., str]) -> Iterator[Runtime]:
    database = Database(fresh_database("drawer"))
    with database.engine.begin() as connection:
        service.metadata.create_all(connection)
        for statement in ddl():
            connection.execute(text(statement))
    key_store = Database(fresh_database("keys"))
    metadata = MetaData()
    key_tables(metadata)
    metadata.create_all(key_store.engine)
    keys = open_keys(key_store.engine, settings.keys_home, "drawer")
    offset = DatabaseOffset(database.reading, service.tables.policy_clock)
    yield Runtime(service, settings, database, Clocks.of_this_machine(), offset, keys)
    database.dispose()
    key_store.dispose()


@pytest.fixture
def somebody(runtime: Runtime) -> Principal:
    return Principal(
        person_id=UUID("00000000-0000-7000-8000-000000000001"),
        issuer="visor",
        session_id=new_id(),
        auth_time=runtime.clocks.system.now(),
        agency="probation-service",
        agency_kind="probation",
        unit="pdu-N55LEE",
        tokens=grants([("partner", "pdu-N55LEE")]),
        name="Sam Example",
    )


@pytest.fixture
def visitor(runtime: Runtime, settings: Settings, somebody: Principal) -> Iterator[Visitor]:
    signing = SigningKeys(settings.keys_home, ACCESS_TOKENS)
    app = create_application(runtime, Verifier(lambda _issuer: signing.public_keys(), SystemClock()))
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    token = credentials.issue(somebody, signing.current, SystemClock())
    yield Visitor(app.test_client(), token, csrf(app, somebody))
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def csrf(app: Flask, who: Principal) -> str:
    token: str = app.extensions["visor.form_tokens"].for_session(who)
    return token
