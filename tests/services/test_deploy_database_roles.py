"""The running services cannot change the audit, whatever becomes of its triggers: PostgreSQL itself refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from deploy.assembly import open_runtimes
from deploy.database_roles import RoleProblem
from deploy.databases import DatabaseProblem, plain, with_address
from deploy.postgres import Postgres
from deploy.prepare import prepare
from deploy.sealing import seal_folder, sealer
from deploy.throwaway import throwaway_server
from shared.audit.tables import NAMES
from shared.audit.verify import verify_service
from shared.database import ROLE
from shared.keys import SigningKeys
from shared.keys.signing_keys import SEALS
from shared.runtime import Runtime
from shared.settings import SERVICES, Settings

CHANGES = [
    *(f"{how} {table}" for table in NAMES for how in ("DELETE FROM", "TRUNCATE")),
    "UPDATE audit_entry SET outcome = 'done'",
    "UPDATE audit_number SET number = number + 100",
    "UPDATE audit_seal SET at = now()",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "ALTER TABLE audit_entry DROP COLUMN facts",
    "DROP TABLE audit_seal CASCADE",
    "INSERT INTO audit_entry (transaction_id) VALUES ('3')",
    "SET session_replication_role = replica",
    "CREATE TABLE public.mine (id int)",
]


@dataclass
class Deployment:
    settings: Settings
    server: Postgres

    def owner(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(plain(self.server.url(database)), autocommit=True) as connection:
            connection.execute(statement.encode())

    def drop_the_triggers(self) -> None:
        for service in SERVICES:
            for name in NAMES:
                self.owner(f"DROP TRIGGER {name}_append_only ON {name}", f"visor_{service}")


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with throwaway_server() as server:
        yield server


def settings(server: Postgres, home: Path, **more: str) -> Settings:
    return Settings.from_environment({"VISOR_HOME": str(home), "VISOR_DATABASE_URL": server.url(), **more})


def as_user(server: Postgres, name: str, password: str) -> str:
    return f"postgresql://{name}:{password}@127.0.0.1:{server.port}/postgres"


@contextmanager
def opened(of: Settings) -> Iterator[dict[str, Runtime]]:
    runtimes = open_runtimes(of, SERVICES)
    try:
        yield runtimes
    finally:
        for runtime in runtimes.values():
            runtime.close()


def works(of: Settings) -> None:
    """Acts are audited and sealed, and their seals verify."""
    with opened(of) as runtimes:
        for name, runtime in runtimes.items():
            with runtime.system_work("test.act") as work:
                work.audit(work.action, work.about)
            sealer(of, runtime.database, name).seal()
            keys = SigningKeys(of.keys_home, SEALS).public_keys()
            verdict = verify_service(name, runtime.database.engine, keys, seal_folder(of))
            assert (verdict.ok, verdict.entries) == (True, 1), verdict.lines()


def refuses(of: Settings, *before: str) -> None:
    """Everything that would change the audit, on a connection of the services' own."""
    with opened(of) as runtimes:
        for runtime in runtimes.values():
            for change in CHANGES:
                with runtime.database.engine.connect() as connection:
                    raw = connection.connection.driver_connection
                    assert isinstance(raw, psycopg.Connection)
                    for statement in before:
                        raw.execute(statement.encode())
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        raw.execute(change.encode())


@pytest.mark.clause("PSI-5.3.5")
def test_with_one_account_the_services_put_the_owners_rights_down(tmp_path: Path) -> None:
    with throwaway_server() as server:
        of = settings(server, tmp_path)
        prepare(of, demonstration=False)
        Deployment(of, server).drop_the_triggers()
        works(of)
        refuses(of)


def test_the_embedded_server_gives_the_services_an_account_that_owns_nothing(tmp_path: Path) -> None:
    with throwaway_server() as server:
        of = with_address(Settings.from_environment({"VISOR_HOME": str(tmp_path)}), server)
        prepare(of, demonstration=False)
        Deployment(of, server).drop_the_triggers()
        works(of)
        refuses(of, "RESET ROLE", "SET SESSION AUTHORIZATION DEFAULT")


def test_an_administrator_can_make_both_accounts_and_neither_is_a_superuser(tmp_path: Path) -> None:
    with throwaway_server() as server:
        made = Deployment(settings(server, tmp_path), server)
        for statement in (
            f"CREATE ROLE {ROLE} NOLOGIN",
            "CREATE ROLE visor_owner LOGIN PASSWORD 'o'",
            f"CREATE ROLE visor_app LOGIN PASSWORD 'a' IN ROLE {ROLE}",
            *(f"CREATE DATABASE visor_{name} OWNER visor_owner" for name in (*SERVICES, "keys")),
        ):
            made.owner(statement)
        of = Settings.from_environment(
            {
                "VISOR_HOME": str(tmp_path),
                "VISOR_DATABASE_URL": as_user(server, "visor_app", "a"),
                "VISOR_DATABASE_OWNER_URL": as_user(server, "visor_owner", "o"),
            }
        )
        prepare(of, demonstration=False)
        made.drop_the_triggers()
        works(of)
        refuses(of, "RESET ROLE")


def test_an_owner_that_may_make_roles_needs_no_administrator(tmp_path: Path) -> None:
    with throwaway_server() as server:
        made = Deployment(settings(server, tmp_path), server)
        made.owner("CREATE ROLE alone LOGIN PASSWORD 'x' CREATEDB CREATEROLE")
        of = Settings.from_environment(
            {"VISOR_HOME": str(tmp_path), "VISOR_DATABASE_URL": as_user(server, "alone", "x")}
        )
        prepare(of, demonstration=False)
        works(of)
        refuses(of)


def test_what_the_administrator_has_to_do_is_said(server: Postgres, tmp_path: Path) -> None:
    made = Deployment(settings(server, tmp_path), server)
    made.owner("CREATE ROLE poor LOGIN PASSWORD 'x' CREATEDB")
    of = Settings.from_environment(
        {"VISOR_HOME": str(tmp_path), "VISOR_DATABASE_URL": as_user(server, "poor", "x")}
    )
    with pytest.raises(DatabaseProblem, match=f"CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO poor;"):
        prepare(of, demonstration=False)


def test_services_that_could_go_back_to_the_owners_rights_are_not_started(
    server: Postgres, tmp_path: Path
) -> None:
    of = settings(server, tmp_path, VISOR_DATABASE_OWNER_URL=server.url())
    with pytest.raises(RoleProblem, match="visor is the tables' owner"):
        prepare(of, demonstration=False)
