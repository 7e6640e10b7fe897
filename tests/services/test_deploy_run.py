"""`visor run` as a user knows it: it comes up, survives kills, ends, leaves nothing, and finds its data again."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from deploy.announce import answers
from deploy.databases import DatabaseProblem, ensure_databases
from deploy.ports import free_port
from deploy.rabbitmq import RabbitMQ
from shared.settings import SERVICES, Settings
from tests.servers.databases import FreshDatabase
from tests.servers.processes import BACKSTAGE, WEB, called, parent_of_both, words
from tests.services.test_deploy_supervisor import wait_for

# One after the other, on one worker: they share a running suite.
VISOR = str(Path(sys.executable).with_name("visor"))
# As on macOS, and as from Python 3.14 on: what starts the suite finds that nothing is to be forked.
WHERE_NOTHING_FORKS = """
import multiprocessing
multiprocessing.set_start_method("spawn")
from deploy.command_line import main
main()
"""


class Suite:
    """One `visor run` without a caseload, below a folder of its own."""

    program: Sequence[str] = (VISOR,)

    def __init__(self, home: Path, **environment: str) -> None:
        self.home, self.port = home, free_port()
        hidden = {"VISOR_DATABASE_URL", "VISOR_AMQP_URL", "MAKELEVEL"}
        own = {name: value for name, value in os.environ.items() if name not in hidden}
        self.environment = own | {"VISOR_HOME": str(home), "VISOR_PORT": str(self.port)} | environment
        self.output = ""
        self.main: subprocess.Popen[str] | None = None

    @property
    def up(self) -> bool:
        return self.main is not None and self.main.poll() is None

    def start(self) -> None:
        self.main = subprocess.Popen(
            [*self.program, "run", "--no-demonstration"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.main.stdout
        for line in self.main.stdout:
            self.output += line
            if "is ready at" in line:
                break
        else:
            pytest.fail(f"it ended before it was ready:\n{self.output}")

    def processes(self) -> list[psutil.Process]:
        assert self.main
        found: list[psutil.Process] = psutil.Process(self.main.pid).children(recursive=True)
        return found

    def command(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = self.environment | more
        return subprocess.run(
            [VISOR, *words], env=environment, capture_output=True, text=True, check=False, timeout=60
        )

    def page(self) -> int:
        return int(urllib.request.urlopen(f"http://localhost:{self.port}/identity/sign-in").status)

    def signal(self, number: signal.Signals) -> int:
        """Returns the status with which it ends."""
        assert self.main
        self.main.send_signal(number)
        self.main.communicate(timeout=40)
        return self.main.returncode

    def end(self) -> None:
        if self.up:
            self.signal(signal.SIGTERM)


def gone(processes: list[psutil.Process]) -> Callable[[], bool]:
    return lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in processes)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    # As root, PostgreSQL runs as nobody and must get here.
    folder = Path(tempfile.mkdtemp(prefix="visor-run-"))
    folder.chmod(0o711)
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def started(home: Path) -> Iterator[Suite]:
    made = Suite(home)
    yield made
    made.end()


@pytest.fixture
def suite(started: Suite) -> Suite:
    """The suite, up; started again where the test before ended it."""
    if not started.up:
        started.start()
    return started


def test_it_says_which_servers_it_uses_and_serves_a_page(suite: Suite) -> None:
    assert "PostgreSQL: embedded" in suite.output
    assert "local transport" in suite.output
    assert suite.page() == 200


def test_what_forks_the_web_workers_holds_no_connection_that_they_would_share(suite: Suite) -> None:
    suite.page()
    [loaded] = parent_of_both(suite.home)
    [server] = [one for one in called(WEB, suite.home) if one.children()]
    to_a_server = [
        [found for found in one.net_connections("tcp") if found.raddr and found.raddr.port != suite.port]
        for one in (loaded, server, *server.children())
    ]
    assert to_a_server[:2] == [[], []]
    assert any(to_a_server[2:]), "none of them is connected, which proves nothing"


def test_killed_parts_come_back_and_the_pages_with_them(suite: Suite) -> None:
    servers = [one for one in suite.processes() if "bin/postgres -D" in words(one)]
    [database] = [one for one in servers if "guard.py" not in words(one)]
    [server] = [one for one in called(WEB, suite.home) if one.children()]
    behind = backstage(suite)
    for victim in (database, server, behind):
        victim.kill()
    whole_again(suite, behind)


def test_killed_what_they_are_forked_from_they_come_back_too(suite: Suite) -> None:
    behind = backstage(suite)
    [loaded] = parent_of_both(suite.home)
    loaded.kill()
    whole_again(suite, behind)


def backstage(suite: Suite) -> psutil.Process:
    """Waited for: one that came back before its database did ends once more, and the pages do not need it."""
    wait_for(lambda: called(BACKSTAGE, suite.home) != [], 60)
    [behind] = called(BACKSTAGE, suite.home)
    return behind


def whole_again(suite: Suite, before: psutil.Process) -> None:
    wait_for(lambda: [one for one in called(BACKSTAGE, suite.home) if one != before] != [], 60)
    wait_for(lambda: answers(f"http://127.0.0.1:{suite.port}/records/readyz"), 60)
    assert suite.page() == 200


def test_ctrl_c_ends_everything_and_the_next_start_finds_its_data(suite: Suite) -> None:
    before = suite.command("keys", "show").stdout
    processes = suite.processes()
    assert suite.signal(signal.SIGINT) == 0
    assert gone(processes)()
    suite.start()
    assert suite.command("keys", "show").stdout == before
    assert "newest version" not in suite.output.partition("is ready at")[2], "it migrated again"


def test_killed_it_leaves_nothing_behind(suite: Suite) -> None:
    processes = suite.processes()
    assert len(processes) > 8
    assert suite.signal(signal.SIGKILL) == -signal.SIGKILL
    wait_for(gone(processes), 30)


def test_a_second_one_says_so_and_disturbs_nothing(suite: Suite) -> None:
    other = suite.command("run")
    assert other.returncode == 1
    assert f"Port {suite.port} is taken" in other.stderr
    assert "already runs" in suite.command("run", VISOR_PORT=str(free_port())).stderr
    assert suite.page() == 200


def test_an_operator_can_ask_it_everything(suite: Suite) -> None:
    wait_for(lambda: suite.command("health").returncode == 0, 120, lambda: suite.command("health").stdout)
    health = suite.command("health").stdout
    assert re.search(r"^records: relay seen \d+ s ago$", health, re.MULTILINE)
    verdict = suite.command("audit", "verify")
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert re.search(
        r"^identity: \d+ entries under \d+ seals, all as they were written", verdict.stdout, re.MULTILINE
    )
    assert suite.command("dead-letters", "list").stdout == ""
    missing = suite.command("dead-letters", "replay", "00000000-0000-0000-0000-000000000000")
    assert missing.returncode == 1
    assert "No dead letter" in missing.stderr
    assert suite.command("tasks", "list").stdout == ""
    missing = suite.command("tasks", "again", "00000000-0000-0000-0000-000000000000")
    assert missing.returncode == 1
    assert "No task" in missing.stderr
    assert (
        "0 facts are published again"
        in suite.command(
            "events", "republish", "--since", "2026-01-01T00:00+00:00", "--kind", "records.none"
        ).stdout
    )
    assert "no time zone" in suite.command("events", "republish", "--since", "2026-01-01").stderr


def test_another_postgresql_is_used_where_it_is_named(tmp_path: Path, postgres_url: str) -> None:
    suite = Suite(tmp_path / "home", VISOR_DATABASE_URL=postgres_url.replace("+psycopg", ""))
    suite.start()
    try:
        assert "embedded" not in suite.output
        assert not (tmp_path / "home/postgres").exists()
        assert suite.page() == 200
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"http://localhost:{suite.port}/identity/no-such-page")
    finally:
        assert suite.signal(signal.SIGTERM) == 0


def _by_itself(suite: Suite) -> list[psutil.Process]:
    """The backstage that is a program of its own."""
    told_so = [one for one in suite.processes() if words(one).endswith("deploy.backstage all")]
    return [one for one in told_so if "guard.py" not in words(one)]


def test_where_nothing_forks_each_part_is_started_by_itself(tmp_path: Path, postgres_url: str) -> None:
    suite = Suite(tmp_path / "home", VISOR_DATABASE_URL=postgres_url)
    suite.program = (sys.executable, "-c", WHERE_NOTHING_FORKS)
    suite.start()
    try:
        parts = [words(one) for one in suite.processes()]
        assert not any("deploy.together" in one for one in parts)
        [behind] = _by_itself(suite)
        assert suite.page() == 200
        wait_for(lambda: suite.command("health").returncode == 0, 60)
        behind.kill()
        wait_for(lambda: [one for one in _by_itself(suite) if one != behind] != [], 60)
        processes = suite.processes()
    finally:
        assert suite.signal(signal.SIGINT) == 0
    assert gone(processes)()


def test_over_tls_each_service_speaks_with_its_own_account(
    tmp_path: Path, postgres_url: str, rabbitmq: RabbitMQ
) -> None:
    own = {f"VISOR_AMQP_URL_{name.upper()}": rabbitmq.tls_url(name) for name in SERVICES}
    anybody = rabbitmq.tls_url("identity").replace(rabbitmq.accounts["identity"].password, "wrong")
    suite = Suite(
        tmp_path / "home",
        VISOR_DATABASE_URL=postgres_url,
        VISOR_AMQP_URL=anybody,
        **own,
        VISOR_TRANSPORT="rabbitmq",
    )
    suite.start()
    try:
        assert f"RabbitMQ at localhost:{rabbitmq.tls_port}" in suite.output
        # A relay's heart beats only while its broker takes what it publishes.
        wait_for(lambda: suite.command("health").returncode == 0, 120)
        users = rabbitmq.control("list_connections", "user", "ssl").split("\n")
        # Other tests of this worker may speak to the same node as its administrator.
        own_users = [line.split("\t") for line in users if line.startswith("visor-")]
        assert {user for user, _ in own_users} >= {f"visor-{name}" for name in SERVICES}
        assert {encrypted for user, encrypted in own_users} == {"true"}
        queues = rabbitmq.control("list_queues", "-p", "visor", "name").split()
        assert {f"{name}.{lane}" for name in SERVICES for lane in ("urgent", "normal")} <= set(queues)
    finally:
        assert suite.signal(signal.SIGTERM) == 0


def test_a_postgresql_that_is_too_old_is_refused(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.databases.OLDEST", 99)
    settings = Settings.from_environment({"VISOR_DATABASE_URL": fresh_database("old")})
    with pytest.raises(DatabaseProblem, match="PostgreSQL 18 is too old: 99 or later"):
        ensure_databases(settings)


def test_a_postgresql_that_is_away_is_named_without_its_password() -> None:
    settings = Settings.from_environment(
        {"VISOR_DATABASE_URL": f"postgresql://me:secret@127.0.0.1:{free_port()}/x"}
    )
    with pytest.raises(DatabaseProblem, match="cannot be reached") as problem:
        ensure_databases(settings)
    assert "secret" not in str(problem.value)
