"""When a post is covered, when it will not be, and what a Governor should know of who covers it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

State = Literal["uncovered", "too_many", "ending", "covered"]
# Words of a job title that say that its holder manages (PF-5.5: HOMD, HOMS, hub manager or other manager).
MANAGES = ("head of", "manager", "governor", "director", "homd", "homs", "custodial manager")


@dataclass(frozen=True)
class Hold:
    """Somebody holds the post from `since`; `until` is the first day on which they no longer do, where it is known."""

    person_id: UUID
    since: date
    until: date | None = None

    def on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def held(holds: Iterable[Hold], day: date) -> int:
    return len({hold.person_id for hold in holds if hold.on(day)})


def first_gap(holds: Collection[Hold], least: int, today: date, horizon: date) -> date | None:
    """The first day up to the horizon with fewer holders than the rule asks for (PF-4.4.1, PI-3.8.5)."""
    days = {today, *(hold.until for hold in holds if hold.until and today < hold.until <= horizon)}
    return min((day for day in days if held(holds, day) < least), default=None)


def state_of(number: int, least: int, most: int | None, gap: date | None, today: date) -> State:
    """Red is `uncovered` and `too_many`: zero, or more than one where there is to be one (PF-4.8)."""
    if number < least or (gap is not None and gap <= today):
        return "uncovered"
    if most is not None and number > most:
        return "too_many"
    return "ending" if gap is not None else "covered"


def horizon(today: date, days: int) -> date:
    return today + timedelta(days=days)


def is_manager(job_title: str) -> bool:
    """PF-5.5: a ViSOR lead is ideally HOMD, HOMS, hub manager or another manager."""
    return any(word in job_title.lower() for word in MANAGES)


def holds_everything(held_by: Mapping[UUID, Collection[str]]) -> UUID | None:
    """The one person who alone holds every token of a prison, where it has any: nobody covers for them (PF-5.6.1)."""
    holders = [person for person, tokens in held_by.items() if tokens]
    return holders[0] if len(holders) == 1 else None


def wrong_month(month: date, today: date) -> dict[str, list[str]]:
    """An assurance is of a month that has begun, this one or one of the twelve before (PF-7/ViSOR Lead.2)."""
    first, this = month.replace(day=1), today.replace(day=1)
    if first > this:
        return {"month": ["This month has not begun."]}
    if first < this.replace(year=this.year - 1):
        return {"month": ["This month is more than a year ago."]}
    return {}
