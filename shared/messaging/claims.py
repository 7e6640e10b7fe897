"""The relay's statements: rows that are to leave, and what became of them. psycopg alone, no ORM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from shared.events import registry
from shared.events.envelope import encoded, message_id, routing_key
from shared.messaging.carrier import Message, Outcome

# What is claimed stays locked until the broker has answered, and a stand-by skips it.
_CLAIM = """
    SELECT sequence, id, kind, version, occurred_at, aggregate::text, actor, correlation_id,
        data::text, copies, taken, attempts
    FROM outbox
    WHERE published_at IS NULL AND (next_attempt_at IS NULL OR next_attempt_at <= now())
    ORDER BY urgent DESC, sequence
    LIMIT %s FOR UPDATE SKIP LOCKED
"""
_PUBLISHED = "UPDATE outbox SET published_at = now(), last_error = NULL WHERE sequence = ANY(%s)"
_STAYS = """
    UPDATE outbox SET attempts = attempts + 1, taken = %s, last_error = %s,
        next_attempt_at = now() + make_interval(secs => least(power(2, least(attempts, 20)), %s))
    WHERE sequence = %s
"""
_DUE_TASKS = """
    SELECT id FROM task
    WHERE finished_at IS NULL AND state = 'waiting' AND nudged_at IS NULL AND due_at <= now()
    ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
"""
_NUDGED = "UPDATE task SET nudged_at = now() WHERE id = ANY(%s)"
LONGEST_BACK_OFF_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Claim:
    """One outbox row, and the copies of it that the broker has not taken yet. `aggregate` and `data` stay JSON."""

    sequence: int
    id: UUID
    kind: str
    version: int
    occurred_at: datetime
    aggregate: str | None
    actor: UUID | None
    correlation_id: UUID | None
    data: str
    copies: Sequence[Mapping[str, Any]]
    taken: Sequence[str]
    attempts: int

    def messages(self) -> list[Message]:
        kind = registry.find(self.kind, self.version)
        needs_queue = kind is None or kind.needs_subscriber
        return [self._message(copy, needs_queue) for copy in self.remaining]

    def _message(self, copy: Mapping[str, Any], needs_queue: bool) -> Message:
        agency = copy["agency"]
        body = encoded(
            id=self.id,
            type=self.kind,
            version=self.version,
            agency=agency,
            occurred_at=self.occurred_at,
            aggregate=self.aggregate or "null",
            actor=self.actor,
            people=copy.get("people", ()),
            detail=copy.get("detail"),
            correlation_id=self.correlation_id,
            data=self.data,
        )
        return Message(message_id(self.id, agency), routing_key(self.kind, agency), body, needs_queue)

    @property
    def remaining(self) -> list[Mapping[str, Any]]:
        return [row for row in self.copies if row["agency"] not in self.taken]


def claim(connection: psycopg.Connection, limit: int) -> list[Claim]:
    with connection.cursor(row_factory=class_row(Claim)) as cursor:
        return cursor.execute(_CLAIM, [limit]).fetchall()


def settle(connection: psycopg.Connection, fates: Sequence[tuple[Claim, Sequence[Outcome]]]) -> int:
    """Marks rows whose every copy is taken; the others stay, with their error and a back-off, unless nobody
    knows.

    Returns how many are published.
    """
    published = [claim.sequence for claim, outcomes in fates if all(one is Outcome.TAKEN for one in outcomes)]
    if published:
        connection.execute(_PUBLISHED, [published])
    for claimed, outcomes in fates:
        errors = {one for one in outcomes if one is not Outcome.TAKEN}
        if errors - {Outcome.UNKNOWN}:
            _keep(connection, claimed, outcomes)
    return len(published)


def _keep(connection: psycopg.Connection, claimed: Claim, outcomes: Sequence[Outcome]) -> None:
    fates = [(row["agency"], one) for row, one in zip(claimed.remaining, outcomes, strict=True)]
    taken = [*claimed.taken, *(agency for agency, one in fates if one is Outcome.TAKEN)]
    error = "; ".join(f"{agency}: {one.value}" for agency, one in fates if one is not Outcome.TAKEN)
    connection.execute(_STAYS, [Jsonb(taken), error, LONGEST_BACK_OFF_SECONDS, claimed.sequence])


def due_tasks(connection: psycopg.Connection, limit: int) -> list[UUID]:
    return [row[0] for row in connection.execute(_DUE_TASKS, [limit]).fetchall()]


def mark_nudged(connection: psycopg.Connection, task_ids: Sequence[UUID]) -> None:
    connection.execute(_NUDGED, [list(task_ids)])
