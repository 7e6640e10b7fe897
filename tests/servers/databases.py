"""One PostgreSQL a worker (0.6 s), started when the first test asks for it and gone with its session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import psycopg
import pytest

from deploy.migrations import Migrations
from deploy.postgres import Postgres
from deploy.throwaway import throwaway_server

FreshDatabase = Callable[..., str]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server itself, for tests that kill or restart it."""
    with throwaway_server() as server:
        yield server


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


def drop_database(url: str) -> None:
    """Of a database that a single test had: they stand in memory, and all of them together would fill it."""
    server, _, name = url.replace("+psycopg", "").rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def migrated_database(fresh_database: FreshDatabase) -> Callable[[str], str]:
    """`migrated_database("records")`: a database of one's own at its newest version, copied in some 50 ms."""
    templates: dict[str, str] = {}

    def make(service: str) -> str:
        if service not in templates:
            templates[service] = fresh_database(f"{service}_template")
            Migrations(service).upgrade(templates[service])
        return fresh_database(service, templates[service])

    return make
