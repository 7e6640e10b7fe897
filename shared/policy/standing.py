"""The policy that one service goes by: what is published, and the confirmed changes of its own database."""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import Lock
from typing import Any

from sqlalchemy import Engine, Table, event
from sqlalchemy.orm import Session

from shared.database import read_again_if_stale
from shared.policy.policy import Policy
from shared.policy.published import published_policy
from shared.policy.tables import confirmed, with_changes

# A change is seen by every process within this time; by the one that made it, at once.
FRESH_SECONDS = 2.0


class StandingPolicy:
    """Call it for the policy. Reads the database at most once in FRESH_SECONDS for each process, so ask each time."""

    def __init__(self, engine: Engine, changes: Table) -> None:
        self._engine = engine
        self._changes = changes
        self._lock = Lock()
        self._read_at: float | None = None
        self._rows: Sequence[Any] = []
        self._policy = published_policy()

    def __call__(self) -> Policy:
        with self._lock:
            if self._read_at is None or time.monotonic() - self._read_at > FRESH_SECONDS:
                self._read()
            return self._policy

    def changed_in(self, session: Session) -> None:
        """Read again as soon as this session has committed."""
        event.listen(session, "after_commit", self._forget, once=True)

    def _forget(self, _session: Session) -> None:
        self._read_at = None

    def _read(self) -> None:
        at = time.monotonic()
        rows = read_again_if_stale(self._confirmed)
        if rows != self._rows:
            self._rows, self._policy = rows, with_changes(rows)
        self._read_at = at

    def _confirmed(self) -> Sequence[Any]:
        with self._engine.connect() as connection:
            return confirmed(connection, self._changes)
