"""Which PostgreSQL a command works on: the one of VISOR_DATABASE_URL, or the embedded one below VISOR_HOME."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg
from psycopg import sql

from deploy.database_roles import RoleProblem, ensure_accounts
from deploy.postgres import Postgres
from shared.settings import SERVICES, Settings

DATABASES = (*SERVICES, "keys")
OLDEST = 18


class DatabaseProblem(RuntimeError):
    """Something about PostgreSQL that whoever starts the suite must mend; the message is for them."""


def embedded(settings: Settings) -> Postgres:
    return Postgres(settings.home / "postgres")


@contextmanager
def reachable(settings: Settings) -> Iterator[Settings]:
    """Settings with the address filled in: of the running suite's embedded server, or one for the meantime."""
    if settings.database_url:
        yield settings
        return
    server = embedded(settings)
    running = server.attach()
    if not running:
        server.start()
    try:
        yield with_address(settings, server)
    finally:
        if not running:
            server.stop()


def with_address(settings: Settings, server: Postgres) -> Settings:
    """The services get an account of their own; what prepares, backs up and restores has the server's owner."""
    return replace(settings, database_url=server.services_url(), owner_url=server.url())


def ensure_databases(settings: Settings) -> list[str]:
    """Makes the missing ones of our four databases, and the services' account; returns the databases' names.

    Raises DatabaseProblem where the server cannot be reached, is too old or lets us make none.
    """
    made = []
    try:
        with psycopg.connect(
            maintenance_address(settings), autocommit=True, connect_timeout=10
        ) as connection:
            version = connection.info.server_version // 10_000
            if version < OLDEST:
                raise DatabaseProblem(f"PostgreSQL {version} is too old: {OLDEST} or later is needed.")
            there = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
            for name in (f"visor_{part}" for part in DATABASES):
                if name not in there:
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
                    made.append(name)
            ensure_accounts(settings, connection)
    except RoleProblem as error:
        raise DatabaseProblem(str(error)) from error
    except psycopg.errors.InsufficientPrivilege as error:
        needed = ", ".join(f"visor_{part}" for part in DATABASES)
        raise DatabaseProblem(
            f"The databases {needed} must be made first, or the account needs CREATEDB."
        ) from error
    except psycopg.OperationalError as error:
        raise DatabaseProblem(f"PostgreSQL cannot be reached: {str(error).strip()}") from error
    return made


def maintenance_address(settings: Settings) -> str:
    """The server itself; every PostgreSQL has the database `postgres`."""
    server, asked, options = plain(settings.owner_database("")).partition("?")
    return server.removesuffix("visor_") + "postgres" + asked + options


def plain(address: str) -> str:
    """A SQLAlchemy address as psycopg and PostgreSQL's own programs write it."""
    return address.replace("postgresql+psycopg://", "postgresql://")
