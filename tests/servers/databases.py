"""One PostgreSQL a worker (0.6 s), started when the first test asks for it and gone with its session."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from deploy.postgres import Postgres

FreshDatabase = Callable[..., str]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server itself, for tests that kill or restart it."""
    # pytest's own temporary folders are closed to others, and as root the server runs as nobody.
    folder = Path(tempfile.mkdtemp(prefix="visor-postgres-"))
    folder.chmod(0o711)
    server = Postgres(folder / "server", durable=False)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres) -> str:
    return postgres.url()


@pytest.fixture(scope="session")
def fresh_database(postgres: Postgres) -> FreshDatabase:
    """`fresh_database(name, template=None)` makes a database that nobody else uses and returns its URL."""

    def make(name: str = "test", template: str | None = None) -> str:
        unique = f"{name}_{uuid4().hex[:12]}"
        source = template.rsplit("/", 1)[-1] if template else "template1"
        with psycopg.connect(postgres.url().replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{unique}" TEMPLATE "{source}" STRATEGY file_copy')
        return postgres.url(unique)

    return make
