"""The only publisher: takes what stands in one database's outbox to the broker, and nudges what tasks are
due.

One relay is active for each database; others stand by for its lock. Lock, ring and claims share one
connection, so that who loses one has lost all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

import psycopg
import structlog

from shared.messaging import claims
from shared.messaging.carrier import Carrier, Outcome
from shared.messaging.crash_points import crash_point
from shared.messaging.heartbeat import BEAT
from shared.messaging.participant import Participant
from shared.messaging.ring import CHANNEL

log = structlog.get_logger(__name__)

LOCK = 0x_0153_0121
POLL_SECONDS = 1.0
BEAT_SECONDS = 2.0
_TRY_LOCK = "SELECT pg_try_advisory_lock(%s)"


class Relay:
    """`run` returns when told to stop, and outlives both database and broker."""

    def __init__(self, participant: Participant, carrier: Carrier, *, poll: float = POLL_SECONDS) -> None:
        self._participant = participant
        self._carrier = carrier
        self._poll = poll
        self._beaten = 0.0
        self.active = threading.Event()

    def run(self, stop: threading.Event) -> None:
        self._carrier.start()
        try:
            while not stop.is_set():
                self._serve_until_lost(stop)
        finally:
            self._carrier.stop()

    def _serve_until_lost(self, stop: threading.Event) -> None:
        try:
            with self._connection() as connection, self._only_one(connection, stop):
                while not stop.is_set():
                    self._turn(connection)
        except psycopg.Error as error:
            log.warning("relay_lost_database", service=self._participant.name, error=str(error))
            stop.wait(self._poll)

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection]:
        connection = psycopg.connect(
            self._participant.conninfo,
            autocommit=True,
            connect_timeout=5,
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=3,
        )
        with connection:
            connection.execute(f"LISTEN {CHANNEL}")
            yield connection

    @contextmanager
    def _only_one(self, connection: psycopg.Connection, stop: threading.Event) -> Iterator[None]:
        while not stop.is_set() and not _locked(connection):
            stop.wait(self._poll)
        self.active.set()
        try:
            yield
        finally:
            self.active.clear()

    def _turn(self, connection: psycopg.Connection) -> None:
        """Everything that is there, then sleep until the ring or the poll."""
        if not self._carrier.wait_ready(self._poll):
            self._wait(connection, 0)
            return
        self._beat(connection)
        busy = self._move(connection) | self._nudge(connection)
        self._carrier.idle()
        if not busy:
            self._wait(connection, self._poll)

    def _wait(self, connection: psycopg.Connection, seconds: float) -> None:
        for _ in connection.notifies(timeout=seconds, stop_after=1):
            pass

    def _beat(self, connection: psycopg.Connection) -> None:
        if time.monotonic() - self._beaten > BEAT_SECONDS:
            connection.execute(BEAT, ["relay"])
            self._beaten = time.monotonic()

    def _move(self, connection: psycopg.Connection) -> bool:
        """One batch from claim to mark; false when there is nothing (more) that can be done now."""
        with connection.transaction():
            claimed = claims.claim(connection, self._carrier.at_once)
            if not claimed:
                return False
            crash_point("relay.claimed")
            fates = self._publish(claimed)
            crash_point("relay.confirmed")
            claims.settle(connection, fates)
            crash_point("relay.marked")
        crash_point("relay.committed")
        return any(Outcome.UNKNOWN not in outcomes for _, outcomes in fates)

    def _publish(self, claimed: list[claims.Claim]) -> list[tuple[claims.Claim, list[Outcome]]]:
        outcomes = iter(self._carrier.publish([message for claim in claimed for message in claim.messages]))
        return [(claim, list(islice(outcomes, len(claim.messages)))) for claim in claimed]

    def _nudge(self, connection: psycopg.Connection) -> bool:
        with connection.transaction():
            due = claims.due_tasks(connection, self._carrier.at_once)
            if not due:
                return False
            outcomes = self._carrier.nudge(self._participant.name, due)
            crash_point("relay.nudged")
            nudged = [id_ for id_, one in zip(due, outcomes, strict=True) if one is Outcome.TAKEN]
            if nudged:
                claims.mark_nudged(connection, nudged)
        return bool(nudged)


def _locked(connection: psycopg.Connection) -> bool:
    row = connection.execute(_TRY_LOCK, [LOCK]).fetchone()
    return bool(row and row[0])
