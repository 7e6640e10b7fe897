"""Each database's versions: one line, no drift from the models, up and down and up again."""

from __future__ import annotations

import logging
import threading

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from deploy.migrations import ALL, Migrations
from tests.servers.databases import FreshDatabase

every_database = pytest.mark.parametrize("migrations", ALL, ids=lambda migrations: migrations.name)

# What Alembic does not compare, or compares by its spelling.
DETAILS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version' AND contype <> 'n'
UNION ALL
SELECT tablename, indexname, indexdef FROM pg_indexes
 WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL
SELECT table_name, column_name, column_default FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL
SELECT 'sequence', sequencename, start_value || ' ' || increment_by FROM pg_sequences
"""
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"


def rows(url: str, query: str) -> set[tuple[object, ...]]:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return set(connection.execute(query.encode()).fetchall())


@every_database
def test_there_is_one_head(migrations: Migrations) -> None:
    assert len(migrations.heads) == 1


@every_database
def test_versions_and_models_say_the_same(migrations: Migrations, fresh_database: FreshDatabase) -> None:
    url = fresh_database(migrations.name)
    assert not migrations.is_current(url)
    migrations.upgrade(url)
    assert migrations.is_current(url)
    assert migrations.drift(url) == []


@every_database
def test_constraints_and_indexes_are_the_models_to_the_letter(
    migrations: Migrations, fresh_database: FreshDatabase
) -> None:
    migrated, made = fresh_database(migrations.name), fresh_database(migrations.name)
    migrations.upgrade(migrated)
    engine = create_engine(made, poolclass=NullPool)
    with engine.begin() as connection:
        for extension in ("pg_trgm", "fuzzystrmatch", "unaccent", "btree_gist"):
            connection.execute(text(f"CREATE EXTENSION {extension}"))
        migrations.metadata.create_all(connection)
    assert rows(migrated, DETAILS) == rows(made, DETAILS)


@every_database
def test_every_version_goes_down_and_up_again(migrations: Migrations, fresh_database: FreshDatabase) -> None:
    url = fresh_database(migrations.name)
    migrations.upgrade(url)
    before = rows(url, DETAILS)
    migrations.downgrade(url)
    assert rows(url, TABLES) == {(0,)}
    migrations.upgrade(url)
    assert rows(url, DETAILS) == before


def test_two_who_migrate_at_once_wait_for_each_other(fresh_database: FreshDatabase) -> None:
    url, failures = fresh_database("keys"), []

    def upgrade() -> None:
        try:
            Migrations("keys").upgrade(url)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test shows it
            failures.append(error)

    threads = [threading.Thread(target=upgrade) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert Migrations("keys").is_current(url)


def test_migrating_silences_nobody(fresh_database: FreshDatabase) -> None:
    logger = logging.getLogger("tests.somebody_elses_logger")
    Migrations("keys").upgrade(fresh_database("keys"))
    assert not logger.disabled
