"""A child process that begins with all that we have loaded already."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from deploy.guard import PR_SET_PDEATHSIG

ENDED_BY_SIGNAL = 128
HEARD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Forked:
    """To a supervisor it is what `deploy.guarded.Guarded` is.

    `name` is what `ps -o comm` and `top` show, of at most 15 letters. `log`: where it says what it says. Nothing that
    it left behind survives it. Should we be killed, Linux sends it SIGTERM, and the guard over us ends the rest.
    """

    def __init__(self, name: str, work: Callable[[], None], *, grace: float, log: Path | None = None) -> None:
        self.grace = grace
        begin = multiprocessing.get_context("fork").Process
        self._process = begin(name=name, target=_live, args=(name, work, log, os.getpid()))
        self._process.start()

    def poll(self) -> int | None:
        """The exit status, 128 + signal where one ended it, or None while it runs."""
        status = self._process.exitcode
        if status is None:
            return None
        self._sweep()
        return status if status >= 0 else ENDED_BY_SIGNAL - status

    def stop(self) -> int:
        """SIGTERM, and after the grace SIGKILL."""
        self._process.terminate()
        self._process.join(self.grace)
        self._sweep()
        self._process.join()
        return self.poll() or 0

    def _sweep(self) -> None:
        """The web server's workers, say, after somebody killed the web server."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid or 0, signal.SIGKILL)


def _live(name: str, work: Callable[[], None], log: Path | None, parent: int) -> None:
    os.setsid()  # a group of its own, and no terminal whose Ctrl-C would reach it
    for number in HEARD:
        signal.signal(number, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
    if os.getppid() != parent:  # killed before we could ask to be told
        return
    Path("/proc/self/comm").write_text(name, encoding="ascii")
    if log is not None:
        _write_to(log)
    work()


def _write_to(log: Path) -> None:
    log.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        os.dup2(descriptor, stream.fileno())
    os.close(descriptor)
