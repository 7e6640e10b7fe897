"""When a session is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# However busy: nobody works at one terminal for longer without signing in again (proposed).
LONGEST = timedelta(hours=12)


@dataclass(frozen=True)
class Times:
    opened_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None


def is_over(times: Times, idle: timedelta, now: datetime) -> bool:
    """Ended, unused for `idle` (SC-17.6.2: 15 minutes), or open for too long."""
    if times.ended_at is not None:
        return True
    return now - times.last_seen_at >= idle or now - times.opened_at >= LONGEST
