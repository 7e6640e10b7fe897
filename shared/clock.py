"""The two clocks. Nothing else in the suite asks the machine what time it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock(Protocol):
    """Tells the time as an aware datetime in UTC, and the calendar day as people in the UK see it."""

    def now(self) -> datetime: ...

    def today(self) -> date: ...


class SystemClock:
    """The machine's own time: leases, sessions, signatures, audit."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return self.now().astimezone(LONDON).date()


@dataclass
class FixedClock:
    """Stands still where a test puts it; `at` must be aware."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.astimezone(LONDON).date()


@dataclass(frozen=True)
class OffsetClock:
    """Another clock moved by what `offset` says; only a database marked as demonstration gives one that is not zero."""

    base: Clock
    offset: Callable[[], timedelta]

    def now(self) -> datetime:
        return self.base.now() + self.offset()

    def today(self) -> date:
        return self.now().astimezone(LONDON).date()


@dataclass(frozen=True)
class Clocks:
    """`policy` counts deadlines and vetting; `system` leases, sessions, signatures and audit, and never moves."""

    policy: Clock
    system: Clock

    @staticmethod
    def of_this_machine() -> Clocks:
        return Clocks(SystemClock(), SystemClock())
