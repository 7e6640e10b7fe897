"""How the spine is, for health pages and for the notice that to-do items come late."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

LATE_SECONDS = 10.0

_STATUS = text("""
    SELECT count(*) FILTER (WHERE next_attempt_at IS NULL) AS waiting,
        count(*) FILTER (WHERE next_attempt_at IS NOT NULL) AS refused,
        coalesce(extract(epoch FROM now() - min(waiting_since) FILTER (WHERE next_attempt_at IS NULL)), 0)
            AS oldest_seconds,
        (SELECT count(*) FROM dead_letter WHERE replayed_at IS NULL) AS dead_letters,
        (SELECT count(*) FROM inbox_retry WHERE body IS NOT NULL) AS set_aside,
        (SELECT count(*) FROM task WHERE finished_at IS NULL AND due_at <= now()) AS tasks_due,
        (SELECT count(*) FROM task WHERE state = 'failed') AS tasks_failed,
        (SELECT coalesce(jsonb_object_agg(role, extract(epoch FROM now() - at)), '{}') FROM heartbeat)
            AS heartbeats
    FROM outbox WHERE published_at IS NULL
""")
_DELAYED = text("""
    SELECT EXISTS (
        SELECT FROM outbox WHERE published_at IS NULL AND next_attempt_at IS NULL
            AND waiting_since < now() - make_interval(secs => :late))
    OR NOT EXISTS (
        SELECT FROM heartbeat WHERE role = 'relay' AND at > now() - make_interval(secs => :late))
""")


@dataclass(frozen=True, slots=True)
class SpineStatus:
    """`refused`: facts that the broker returned or refused and that wait for their next try. `heartbeats`:
    seconds since each role was seen; the relay's only beats while it can reach broker and database.
    """

    waiting: int
    refused: int
    oldest_seconds: float
    dead_letters: int
    set_aside: int
    tasks_due: int
    tasks_failed: int
    heartbeats: dict[str, float]


def status(engine: Engine) -> SpineStatus:
    """Raises SQLAlchemyError while the database is away."""
    with engine.connect() as connection:
        row = connection.execute(_STATUS).one()
    beats = {role: float(seconds) for role, seconds in row.heartbeats.items()}
    oldest = float(row.oldest_seconds)
    return SpineStatus(**{**row._asdict(), "oldest_seconds": oldest, "heartbeats": beats})


def delayed(engine: Engine, late: float = LATE_SECONDS) -> bool:
    """Whether facts wait longer than this to leave, or nobody is there to take them: to-do items come late.

    Facts that the broker refuses are left out; they are the operator's business. Also true with the database
    away.
    """
    try:
        with engine.connect() as connection:
            return bool(connection.execute(_DELAYED, {"late": late}).scalar())
    except SQLAlchemyError:
        return True
