"""What is forked from a process that has loaded everything: it dies, comes back, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.guarded import Guarded
from deploy.supervisor import HOPELESS, Charge, Supervisor
from tests.services.test_deploy_supervisor import alive, wait_for

# A child that has a child of its own, as the web server has its workers.
MAIN = """
import os, subprocess, sys, time
from functools import partial
from pathlib import Path
from deploy.forked import Forked
from deploy import supervisor
from deploy.supervisor import Charge, Supervisor

supervisor.LONGEST_WAIT = 0.2
folder = Path(sys.argv[1])
LOADED = "loaded once"

def work(name):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
    with (folder / name).open("a") as pids:
        pids.write(f"{os.getpid()}\\n{child.pid}\\n")
    print(f"{name} has what was {LOADED}", flush=True)
    time.sleep(0 if "fails" in sys.argv else 120)
    sys.exit(3 if "fails" in sys.argv else 0)

def charge(name):
    return Charge(name, lambda: Forked(f"visor-{name}", partial(work, name), grace=5, log=folder / "log" / name))

sys.exit(70 if Supervisor([charge("one"), charge("two")]).run() else 0)
"""


class Loaded:
    """A process with two forked ones, under its guard as `visor run` has it."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        self.process = Guarded([sys.executable, "-c", MAIN, str(folder), *words], grace=15)

    def pids(self, name: str) -> list[int]:
        """Each time it was started: itself, and its child."""
        path = self.folder / name
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def both_up(self, times: int = 1) -> None:
        wait_for(lambda: len(self.pids("one")) >= 2 * times and len(self.pids("two")) >= 2)

    def nobody_left(self) -> bool:
        return not any(alive(pid) for name in ("one", "two") for pid in self.pids(name))


@pytest.fixture
def loaded(tmp_path: Path) -> Iterator[Loaded]:
    made = Loaded(tmp_path)
    made.both_up()
    yield made
    made.process.stop()


def test_it_has_a_name_a_log_and_what_was_loaded(loaded: Loaded) -> None:
    assert Path(f"/proc/{loaded.pids('one')[0]}/comm").read_text() == "visor-one\n"
    wait_for(lambda: "one has what was loaded once" in (loaded.folder / "log/one").read_text())


def test_who_dies_is_forked_again_and_its_children_go_with_it(loaded: Loaded) -> None:
    first, child = loaded.pids("one")
    os.kill(first, signal.SIGKILL)
    loaded.both_up(times=2)
    assert not alive(child)
    assert alive(loaded.pids("one")[2])
    assert len(loaded.pids("two")) == 2, "the other was left alone"


def test_asked_to_stop_it_ends_everything_first(loaded: Loaded) -> None:
    assert loaded.process.stop() == 0
    assert loaded.nobody_left()


def test_killed_it_leaves_nothing_behind(loaded: Loaded) -> None:
    loaded.process.kill()
    wait_for(loaded.nobody_left)


def test_what_never_stays_up_is_not_tried_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by the one that forks it nor by whoever started that."""
    monkeypatch.delenv("MAKELEVEL", raising=False)
    tried = []

    def start() -> Guarded:
        tried.append(Loaded(tmp_path, "fails").process)
        return tried[-1]

    assert Supervisor([Charge("all", start)]).run() == 1
    assert len(tried) == 1
    assert tried[0].wait() == HOPELESS
    assert len((tmp_path / "one").read_text().split()) >= 10, "five tries, with a child each"
