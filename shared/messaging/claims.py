"""The relay's statements: rows that are to leave, and what became of them. psycopg alone, no ORM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Literal
from psycopg.types.json import Jsonb

from shared.environment import environment
from shared.events import registry
from shared.events.envelope import message_id, routing_key
from shared.messaging.carrier import Message, Outcome

# What is claimed stays locked until the broker has answered, and a stand-by skips it. PostgreSQL puts each copy into
# the form in which it travels (as `Event.to_json` does), in a fifth of the time that Python takes.
_CLAIM = """
    WITH leaving AS MATERIALIZED (
        SELECT sequence, id, kind, version, occurred_at, aggregate, actor, correlation_id, data, copies, taken, urgent
        FROM outbox
        WHERE published_at IS NULL AND (next_attempt_at IS NULL OR next_attempt_at <= now())
        ORDER BY urgent DESC, sequence
        LIMIT {limit} FOR UPDATE SKIP LOCKED
    )
    SELECT sequence, id, kind, version, copy->>'agency', (jsonb_build_object(
        'id', id, 'type', kind, 'environment', {environment}::text, 'version', version, 'occurred_at', occurred_at,
        'actor', actor, 'correlation_id', correlation_id, 'aggregate', aggregate, 'data', data) || copy)::text
    FROM leaving LEFT JOIN LATERAL jsonb_array_elements(copies) WITH ORDINALITY AS each(copy, place)
        ON NOT taken ? (copy->>'agency')
    ORDER BY urgent DESC, sequence, place
"""
_PUBLISHED = "UPDATE outbox SET published_at = now(), last_error = NULL WHERE sequence = ANY(%s)"
_STAYS = """
    UPDATE outbox SET attempts = attempts + 1, taken = taken || %s, last_error = %s,
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


@dataclass(slots=True)
class Claim:
    """One outbox row, and the copies of it that the broker has not taken yet: for whom, and the message."""

    sequence: int
    agencies: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)


@cache
def _claim(limit: int, of: str) -> bytes:
    """Without parameters, so that PostgreSQL plans it once for each connection and not for each claim."""
    return SQL(_CLAIM).format(limit=Literal(limit), environment=Literal(of)).as_bytes()


def claim(connection: psycopg.Connection, limit: int) -> list[Claim]:
    claimed: dict[int, Claim] = {}
    for sequence, id_, name, version, agency, body in connection.execute(_claim(limit, environment())):
        one = claimed.get(sequence)
        if one is None:
            one = claimed[sequence] = Claim(sequence)
        # A fact that concerns nobody is only a log entry.
        if agency is not None:
            one.agencies.append(agency)
            one.messages.append(_message(id_, name, version, agency, body))
    return list(claimed.values())


def _message(id_: UUID, name: str, version: int, agency: str, body: str) -> Message:
    kind = registry.find(name, version)
    needs_queue = kind is None or kind.needs_subscriber
    return Message(message_id(id_, agency), routing_key(name, agency), body.encode(), needs_queue)


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
    fates = list(zip(claimed.agencies, outcomes, strict=True))
    taken = [agency for agency, one in fates if one is Outcome.TAKEN]
    error = "; ".join(f"{agency}: {one.value}" for agency, one in fates if one is not Outcome.TAKEN)
    connection.execute(_STAYS, [Jsonb(taken), error, LONGEST_BACK_OFF_SECONDS, claimed.sequence])


def due_tasks(connection: psycopg.Connection, limit: int) -> list[UUID]:
    return [row[0] for row in connection.execute(_DUE_TASKS, [limit]).fetchall()]


def mark_nudged(connection: psycopg.Connection, task_ids: Sequence[UUID]) -> None:
    connection.execute(_NUDGED, [list(task_ids)])
