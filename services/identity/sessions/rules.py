"""When a session is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Times:
    opened_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Limits:
    """`idle` is how long it may be unused (SC-17.6.2: 15 minutes), `longest` how long it may last however busy."""

    idle: timedelta
    longest: timedelta


def is_over(times: Times, limits: Limits, now: datetime) -> bool:
    if times.ended_at is not None:
        return True
    return now - times.last_seen_at >= limits.idle or now - times.opened_at >= limits.longest
