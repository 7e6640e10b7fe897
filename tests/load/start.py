"""`make run` a second time: how long to the first page, and how much memory all its processes take."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.load.client import http, load
from tests.load.ground import Ground
from tests.load.measures import Measure
from tests.load.web import first_page

TOP = Path(__file__).resolve().parents[2]
PAGE = "/identity/sign-in"
SETTLED = 5.0  # seconds until every process has begun its work


def measure(ground: Ground) -> list[Measure]:
    began = time.perf_counter()
    with (ground.home / "make-run.log").open("wb") as said:
        suite = subprocess.Popen(
            ["make", "run"], cwd=TOP, env=ground.environment, stdout=said, stderr=said, start_new_session=True
        )
    try:
        first_page(ground.settings.port, PAGE)
        seconds = time.perf_counter() - began
        time.sleep(SETTLED)
        _use(ground)
        megabytes = sum(_pss(pid) for pid in _processes(suite.pid, ground.home)) / 1024
    finally:
        os.killpg(suite.pid, signal.SIGINT)
        suite.wait(60)
    return [
        Measure("make run, second start to first page", "s", seconds, 5.0),
        Measure("memory of the whole suite (PSS)", "MB", megabytes, 700.0),
    ]


def _use(ground: Ground) -> None:
    """Some seconds of work, so that what is only loaded when needed is loaded."""
    token = ground.token()
    searches = [
        http("POST", "/records/api/search", token, {"surname": name}) for name in ("Smith", "Jonse", "Taylro")
    ]
    others = [http("GET", path, token) for path in ("/records/api/nominals", "/notifications/api/todo", PAGE)]
    load(ground.settings.port, [*searches, *others] * 2, seconds=4, connections=8)


def _processes(root: int, home: Path) -> set[int]:
    """What descends from this process, and from the database server that belongs to this home."""
    parents = dict(_parents())
    tops = {root, int((home / "postgres/data/postmaster.pid").read_text().split()[0])}
    found = set(tops)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _parents() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                yield int(entry.name), int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue


def _pss(pid: int) -> int:
    """Kilobytes; what several processes share is counted once in all."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
