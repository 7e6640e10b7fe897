"""Runs one command and never lets it outlive its owner: `python guard.py <uid> <stop signal> <grace> command …`.

The owner holds the other end of this process's standard input, so that its death, `kill -9` included, reads
as end of file on any system; the parent's id is looked at too, in case a fork of the owner kept the pipe open.
Should the guard itself be killed, Linux sends the command its stop signal. SIGUSR1 means: `kill -9` it.

Used as a file by `deploy.guarded`, with nothing but the standard library, so that it costs little memory.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LOOK_SECONDS = 1.0
LEFTOVER_SECONDS = 2.0
HEARD = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1)


def drop_to(uid: int, stop: int) -> None:
    """In the child: another user where asked, then the death signal, which a change of user would clear."""
    if uid >= 0 and os.geteuid() == 0:
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, stop)


def reap(child: subprocess.Popen[bytes]) -> bool:
    """Takes in whoever has ended, orphans of the command included; true while anybody is left."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        if pid == child.pid:
            child.returncode = os.waitstatus_to_exitcode(status)
        if not pid:
            return True


def watch(child: subprocess.Popen[bytes], owner: int, wake: int) -> None:
    """Returns when the child has ended, or is to be ended."""
    while reap(child) and child.returncode is None and os.getppid() == owner:
        readable, _, _ = select.select([0, wake], [], [], LOOK_SECONDS)
        heard = set(os.read(wake, 64)) if wake in readable else set()
        if signal.SIGUSR1 in heard:
            child.kill()
        if heard & {signal.SIGTERM, signal.SIGINT, signal.SIGHUP} or (0 in readable and not os.read(0, 64)):
            return


def end(child: subprocess.Popen[bytes], stop: int, grace: float) -> None:
    """The stop signal, and after the grace `SIGKILL`, for the command and for all that it leaves behind."""
    deadline = time.monotonic() + grace
    if child.returncode is None:
        child.send_signal(stop)
    while reap(child) and time.monotonic() < deadline:
        if child.returncode is not None:
            deadline = min(deadline, time.monotonic() + LEFTOVER_SECONDS)
        time.sleep(0.01)
    while reap(child):
        for pid in children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        time.sleep(0.01)


def children() -> list[int]:
    """Our children, adopted ones included; empty where the system does not tell."""
    try:
        return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
    except OSError:
        return []


def main(arguments: list[str]) -> int:
    uid, stop, grace, *command = arguments
    owner = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    wake, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    for number in HEARD:
        signal.signal(number, lambda *_: None)
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: drop_to(int(uid), int(stop)),  # noqa: PLW1509 -- this process has one thread only
    )
    watch(child, owner, wake)
    end(child, int(stop), float(grace))
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
