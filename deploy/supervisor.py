"""Keeps a few processes running: restarts the dead with back-off, ends all together, leaves nothing behind."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

LOOK_SECONDS = 0.2
FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0
STEADY_SECONDS = 30.0
GIVE_UP_AFTER = 6
# A charge that ends with this status would end so again.
HOPELESS = 70


class Child(Protocol):
    """A process: `deploy.guarded.Guarded` or `deploy.forked.Forked`."""

    def poll(self) -> int | None: ...

    def stop(self) -> int: ...


@dataclass
class Charge:
    """One process that is to run. `start` begins it anew each time, and may take as long as it needs."""

    name: str
    start: Callable[[], Child]
    process: Child | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    failures: int = 0

    def look(self, now: float) -> None:
        if self.process is not None and self.process.poll() is not None:
            self._ended(now)
        if self.process is None and now >= self.due_at:
            self.started_at = now
            self.process = self.start()

    def _ended(self, now: float) -> None:
        status = self.process.poll() if self.process else None
        self.process = None
        self.failures = 1 if now - self.started_at > STEADY_SECONDS else self.failures + 1
        if status == HOPELESS:
            self.failures, self.due_at = GIVE_UP_AFTER, math.inf
            return
        wait = min(FIRST_WAIT * 2 ** (self.failures - 1), LONGEST_WAIT)
        self.due_at = now + wait
        print(f"{self.name} ended with status {status}; again in {wait:g} s.", file=sys.stderr, flush=True)

    @property
    def hopeless(self) -> bool:
        return self.process is None and self.failures >= GIVE_UP_AFTER


class Supervisor:
    """`run` returns 0 after SIGINT, SIGTERM or SIGHUP, 1 when one of its charges never stays up.

    They are started in the order given and ended in the opposite one. Should this process be killed, each
    charge's guard ends it.
    """

    def __init__(self, charges: Sequence[Charge]) -> None:
        self.charges = list(charges)
        self._owner = os.getppid()
        self._stopping = False

    def run(self, each_look: Callable[[], object] = lambda: None) -> int:
        """`each_look` is called some five times a second, and must not dawdle."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        try:
            while not self._stopping and not self._abandoned():
                for charge in self.charges:
                    charge.look(time.monotonic())
                if any(charge.hopeless for charge in self.charges):
                    return 1
                each_look()
                time.sleep(LOOK_SECONDS)
        finally:
            self.stop()
        return 0

    def stop(self) -> None:
        """Returns when all have ended; a second Ctrl-C changes nothing."""
        for charge in reversed(self.charges):
            if charge.process is not None:
                charge.process.stop()
                charge.process = None

    def _asked_to_stop(self, _number: int, _frame: object) -> None:
        self._stopping = True

    def _abandoned(self) -> bool:
        """Started by make, we end when make was killed: nobody else would know of us."""
        return "MAKELEVEL" in os.environ and os.getppid() != self._owner
