"""Our launcher of the embedded PostgreSQL: it keeps what was committed, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.ports import FIRST, LAST, free_port, is_free
from deploy.postgres import Postgres, PostgresError
from deploy.postgres_files import open_to_others
from tests.servers.databases import FreshDatabase


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="visor-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


def connect(server: Postgres) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(server.url().replace("+psycopg", ""), autocommit=True)


def test_committed_rows_survive_a_killed_and_a_restarted_server(folder: Path) -> None:
    server = Postgres(folder / "pg")
    server.start()
    try:
        with connect(server) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
        server.kill()
        assert not server.running
        server.start()
        server.restart()
        with connect(server) as connection:
            assert connection.execute("SELECT number FROM kept").fetchall() == [(1,)]
    finally:
        server.stop()


OWNER = """
import pathlib, sys, time
from deploy.postgres import Postgres
server = Postgres(pathlib.Path(sys.argv[1]), durable=False)
server.start()
print(server.port, flush=True)
time.sleep(60)
"""


def test_the_server_ends_when_its_owner_is_killed(folder: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(folder / "pg")], stdout=subprocess.PIPE)
    assert owner.stdout
    port = int(owner.stdout.readline())
    assert not is_free(port)
    os.kill(owner.pid, signal.SIGKILL)
    owner.communicate()
    deadline = time.monotonic() + 10
    while not is_free(port) or (folder / "pg/data/postmaster.pid").exists():
        assert time.monotonic() < deadline, "the server outlived its owner"
        time.sleep(0.05)


def test_its_data_is_closed_to_others_and_its_password_is_needed(folder: Path) -> None:
    server = Postgres(folder / "pg", durable=False)
    server.start()
    try:
        assert (folder / "pg").stat().st_mode & 0o077 == 0
        assert (folder / "pg/password").stat().st_mode & 0o077 == 0
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://visor:wrong@127.0.0.1:{server.port}/postgres")
    finally:
        server.stop()


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    server = Postgres(folder / "pg", durable=False)
    server.start()
    server.stop()
    (folder / "pg/data/global/pg_control").unlink()
    with pytest.raises(PostgresError, match="pg_control"):
        server.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run the server as somebody else")
def test_as_root_under_a_closed_home_the_data_goes_where_the_server_can_reach_it(folder: Path) -> None:
    closed = folder / "home"
    closed.mkdir(mode=0o700)
    server = Postgres(closed / "checkout/var/postgres", durable=False)
    try:
        server.start()
        assert server.folder.is_relative_to("/var/lib/visor")
        assert open_to_others(server.folder.parent)
        assert Postgres(closed / "checkout/var/postgres").folder == server.folder
    finally:
        server.stop()
        shutil.rmtree(server.folder)


def test_ports_are_given_once_and_lie_below_the_range_of_clients() -> None:
    ports = [free_port() for _ in range(20)]
    assert len(set(ports)) == len(ports)
    assert all(FIRST <= port <= LAST for port in ports)


def test_a_fresh_database_is_empty_or_a_copy_of_its_template(fresh_database: FreshDatabase) -> None:
    template = fresh_database("template")
    with psycopg.connect(template.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE here (number int)")
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    for url, expected in ((fresh_database("copy", template), 1), (fresh_database("empty"), 0)):
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            row = connection.execute(tables).fetchone()
            assert row == (expected,)


def test_a_migrated_database_has_the_tables_of_its_service(migrated_database: Callable[[str], str]) -> None:
    one, other = migrated_database("keys"), migrated_database("keys")
    assert one != other
    for url in (one, other):
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            assert connection.execute("SELECT count(*) FROM nominal_key").fetchone() == (0,)
