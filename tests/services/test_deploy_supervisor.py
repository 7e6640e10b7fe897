"""The supervisor restarts what dies, ends everything together, and is survived by nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

MAIN = """
import sys
from pathlib import Path
from deploy.guarded import Guarded
from deploy.supervisor import Charge, Supervisor

folder = Path(sys.argv[1])
worker = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\\\n'); " + sys.argv[2]
def charge(name):
    return Charge(name, lambda: Guarded([sys.executable, "-c", worker, str(folder / name)], grace=5))
sys.exit(Supervisor([charge("one"), charge("two")]).run())
"""
STAYS = "time.sleep(120)"
# Ends only when killed, and has a child of its own in another session.
STUBBORN = (
    "import signal, subprocess; signal.signal(15, signal.SIG_IGN);"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(120)'], start_new_session=True);"
    "open(sys.argv[1] + '.child', 'a').write(f'{child.pid}\\n'); time.sleep(120)"
)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for(
    condition: Callable[[], bool], seconds: float = 20.0, instead: Callable[[], str] = lambda: ""
) -> None:
    """`instead` says, when it was in vain, what is there."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain: {instead()}"
        time.sleep(0.05)


class Running:
    def __init__(self, folder: Path, worker: str) -> None:
        self.folder = folder
        environment = {name: value for name, value in os.environ.items() if name != "MAKELEVEL"}
        self.main = subprocess.Popen([sys.executable, "-c", MAIN, str(folder), worker], env=environment)

    def pids(self, name: str) -> list[int]:
        path = self.folder / name
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def both_up(self, times: int = 1) -> None:
        wait_for(lambda: len(self.pids("one")) >= times and len(self.pids("two")) >= 1)

    def all_pids(self) -> list[int]:
        return [pid for path in self.folder.iterdir() for pid in self.pids(path.name)]

    def nobody_left(self) -> bool:
        return not any(alive(pid) for pid in self.all_pids())


@pytest.fixture
def running(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Running]:
    made = Running(tmp_path, getattr(request, "param", STAYS))
    yield made
    made.main.kill()
    made.main.wait()


def test_who_dies_is_started_again_and_the_other_is_left_alone(running: Running) -> None:
    running.both_up()
    os.kill(running.pids("one")[0], signal.SIGKILL)
    running.both_up(times=2)
    assert alive(running.pids("one")[1])
    assert len(running.pids("two")) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_stops_everything_first(running: Running, number: signal.Signals) -> None:
    running.both_up()
    running.main.send_signal(number)
    assert running.main.wait(20) == 0
    assert running.nobody_left()


@pytest.mark.parametrize("running", [STAYS, STUBBORN], indirect=True)
def test_killed_it_leaves_nothing_behind(running: Running) -> None:
    running.both_up()
    wait_for(lambda: len(running.all_pids()) >= 2)
    running.main.kill()
    running.main.wait()
    wait_for(running.nobody_left)


@pytest.mark.parametrize("running", [STUBBORN], indirect=True)
def test_who_will_not_end_is_killed_with_its_children(running: Running) -> None:
    wait_for(lambda: len(running.all_pids()) >= 4)
    running.main.terminate()
    assert running.main.wait(30) == 0
    assert running.nobody_left()


@pytest.mark.parametrize("running", ["sys.exit(3)"], indirect=True)
def test_what_never_stays_up_is_given_up(running: Running) -> None:
    assert running.main.wait(60) == 1
    assert len(running.pids("one")) >= 5


GUARDED = """
import sys, time
from deploy.guarded import Guarded
child = Guarded([sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(120)"])
print(child._process.pid, flush=True)
time.sleep(120)
"""


def test_a_killed_guard_takes_its_command_along() -> None:
    owner = subprocess.Popen([sys.executable, "-c", GUARDED], stdout=subprocess.PIPE)
    assert owner.stdout
    pids = [int(owner.stdout.readline()) for _ in range(2)]
    for pid in pids:
        if b"guard.py" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not any(alive(pid) for pid in pids))
    owner.kill()
    owner.communicate()
