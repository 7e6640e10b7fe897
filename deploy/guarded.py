"""A child process that ends with us, however we end."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GUARD = Path(__file__).with_name("guard.py")
NO_CHANGE = -1


class Guarded:
    """A command under `deploy.guard`.

    `uid`: the user to run it as, where we are root. `stop_signal` asks it to end; after `grace` seconds
    its whole process group is killed.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        uid: int = NO_CHANGE,
        stop_signal: signal.Signals = signal.SIGTERM,
        grace: float = 10.0,
        output: IO[bytes] | int | None = None,
    ) -> None:
        self.grace = grace
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(GUARD), str(uid), str(int(stop_signal)), str(grace), *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            env=None if environment is None else dict(environment),
            start_new_session=True,
        )

    def poll(self) -> int | None:
        """The exit status, 128 + signal where one ended it, or None while it runs."""
        status = self._process.poll()
        if status is not None:
            self.ask_to_stop()
        return status

    def wait(self, timeout: float | None = None) -> int:
        """Until it has ended by itself."""
        status = self._process.wait(timeout)
        self.ask_to_stop()
        return status

    def stop(self) -> int:
        self.ask_to_stop()
        return self.wait(self.grace + 5)

    def ask_to_stop(self) -> None:
        """Returns at once; `stop` or `poll` say when it is done."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()

    def kill(self) -> None:
        """`kill -9` of the command itself, as a test or an out-of-memory killer would do it."""
        self._process.send_signal(signal.SIGUSR1)
        self.wait(self.grace + 5)
