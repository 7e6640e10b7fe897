"""Migrations: one folder of reviewed versions for each database, one way of running them all.

`python -m deploy.migrations revise <database> <subject>` writes the next version from what the models say by
now, for review; `remake <database>` writes the version that makes all tables anew, which is only allowed while
nothing has been released.
"""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine, text
from sqlalchemy.pool import NullPool

from deploy.database_roles import grant, make_role
from shared.settings import SERVICES

TOP = Path(__file__).resolve().parents[1]
TABLES = "tables"
MODULES_WITH_TABLES = (".models", ".tables", ".capabilities")
# A migration that waits for a lock makes everybody behind it wait too: give up soon, and try again later.
LOCK_TIMEOUT, STATEMENT_TIMEOUT = "4s", "15min"
ONE_AT_A_TIME = 0x5649534F


@dataclass(frozen=True)
class Migrations:
    """The versions of one database: a service's, or the key store's (`keys`)."""

    name: str

    @property
    def folder(self) -> Path:
        return TOP / ("shared/keys/migrations" if self.name == "keys" else f"services/{self.name}/migrations")

    @cached_property
    def metadata(self) -> MetaData:
        """What the models say; imports the whole service."""
        if self.name == "keys":
            keys: MetaData = importlib.import_module("shared.keys.tables").metadata
            return keys
        service = importlib.import_module(f"services.{self.name}")
        for module in pkgutil.walk_packages(service.__path__, f"{service.__name__}."):
            if module.name.endswith(MODULES_WITH_TABLES):
                importlib.import_module(module.name)
        found: MetaData = importlib.import_module(f"services.{self.name}.service").service.metadata
        return found

    @property
    def config(self) -> Config:
        config = Config()
        config.set_main_option("script_location", str(TOP / "deploy/alembic"))
        config.set_main_option("version_locations", str(self.folder))
        config.set_main_option("path_separator", "os")
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        return config

    @property
    def heads(self) -> tuple[str, ...]:
        """More than one means that two people added a version at the same time."""
        return tuple(ScriptDirectory.from_config(self.config).get_heads())

    def upgrade(self, url: str, to: str = "head") -> None:
        """Waits for whoever is upgrading the same database already; each version is a transaction.

        At its head the services' role is granted what it needs, and no more.
        """
        self._run(url, command.upgrade, to)
        if to == "head":
            self._grant(url)

    def _grant(self, url: str) -> None:
        with _connected(url) as connection, connection.begin():
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
            make_role(connection)
            grant(connection, self.name)

    def downgrade(self, url: str, to: str = "base") -> None:
        self._run(url, command.downgrade, to)

    def is_current(self, url: str) -> bool:
        with _connected(url) as connection:
            return tuple(MigrationContext.configure(connection).get_current_heads()) == self.heads

    def drift(self, url: str) -> list[Any]:
        """What the models say and the database, brought to its head, does not; empty is right."""
        with _connected(url) as connection:
            differences: list[Any] = compare_metadata(MigrationContext.configure(connection), self.metadata)
            return differences

    def revise(self, url: str, subject: str, revision: str | None = None) -> Path:
        """Writes the next version; `url` is a database at the head so far. Read it before you commit it."""
        number = revision or f"{len(list(self.folder.glob('[0-9]*.py'))) + 1:04d}"
        self._run(url, self._autogenerate, subject, number)
        (path,) = self.folder.glob(f"{number}_*.py")
        tidy(path)
        return path

    def _autogenerate(self, config: Config, subject: str, number: str) -> None:
        config.attributes["metadata"] = self.metadata
        command.revision(config, subject, autogenerate=True, rev_id=number)

    def _run(self, url: str, step: Any, *arguments: str) -> None:
        with _connected(url) as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ONE_AT_A_TIME})
            connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
            connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
            connection.commit()
            config = self.config
            config.attributes["connection"] = connection
            step(config, *arguments)


def tidy(path: Path) -> None:
    """What Alembic wrote, as the rest of the house is written."""
    path.write_text("".join(line for line in path.open() if "# ###" not in line))
    for arguments in (["check", "--fix", "--unsafe-fixes", "--quiet", "--exit-zero"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *arguments, str(path)], check=True)


def _connected(url: str) -> Connection:
    return create_engine(url, poolclass=NullPool).connect()


def upgrade(name: str, url: str) -> None:
    """Brings one database, `identity`, `records`, `notifications` or `keys`, to its newest version."""
    Migrations(name).upgrade(url)


ALL = tuple(Migrations(name) for name in (*SERVICES, "keys"))


def remake(migrations: Migrations, url: str) -> Path:
    """The version that makes every table, written anew over an empty database; the others stay as they are."""
    kept = {path: path.read_text() for path in migrations.folder.glob("[0-9]*.py")}
    before = sorted(path.name[:4] for path in kept if path.name.endswith("_before_tables.py"))
    number = f"{len(before) + 1:04d}"
    for path in kept:
        if path.name[:4] >= number:
            path.unlink()
    try:
        if before:
            migrations.upgrade(url, before[-1])
        made = migrations.revise(url, TABLES, number)
        kept.pop(made, None)
    finally:
        for path, source in kept.items():
            path.write_text(source)
    return made


def main(arguments: Iterable[str]) -> None:
    """Over a throwaway PostgreSQL, so that the versions alone say what the database looks like."""
    from deploy.throwaway import throwaway_database  # noqa: PLC0415 -- only this command needs a server

    what, name, *subject = arguments
    migrations = Migrations(name)
    with throwaway_database() as url:
        if what == "remake":
            print(remake(migrations, url))
        else:
            migrations.upgrade(url)
            print(migrations.revise(url, " ".join(subject)))


if __name__ == "__main__":
    main(sys.argv[1:])
