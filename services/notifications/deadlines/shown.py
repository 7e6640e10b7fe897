"""Clocks as people see them: who may see which, and their state in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from services.notifications.deadlines.catalogue import catalogue
from services.notifications.deadlines.models import Clock, ClockPerson
from services.notifications.deadlines.steps import load_steps
from services.notifications.todo.models import Picture, Standing, TodoItem
from services.notifications.todo.rules import RESTRICTED, due_state
from shared.access.principal import Principal
from shared.directory.tables import DIRECTORY
from shared.time.calendars import london_day
from shared.web.display import day

OVERSEERS = ("cpc", "lpc")
OVERSEEING_ROLES = (
    "visor_lead",
    "governor",
    "head_of_public_protection",
    "regional_probation_director",
    "prison_group_director",
)


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A clock with its duty from the catalogue, its state in words (`code_of_state` for the tag's colour) and its days.

    `restricted`: of what its reader may not read, only that it is there and when it is due.
    """

    clock: Clock
    duty: str
    clause: str
    code_of_state: str
    words: str
    days_used: list[date]
    left_out: list[tuple[date, str]]
    restricted: bool = False

    @property
    def code(self) -> str:
        """The catalogue says what it stands for."""
        return "" if self.restricted else self.clock.code

    @property
    def period(self) -> str | None:
        return None if self.restricted else self.clock.period

    def __getattr__(self, name: str) -> Any:
        return getattr(self.clock, name)


@dataclass(frozen=True, slots=True)
class ShownRung:
    number: int
    roles: tuple[str, ...]
    planned_for: datetime
    climbed_at: datetime | None
    told: int | None


def visible(principal: Principal) -> ColumnElement[bool]:
    """Clocks this person is reminded of, has an item of or stands to the record of, and those of the units overseen."""
    me = principal.person_id
    reminded = exists().where(ClockPerson.deadline_id == Clock.id, ClockPerson.person_id == me)
    listed = exists().where(TodoItem.clock_id == Clock.id, TodoItem.person_id == me)
    newest = and_(
        Picture.nominal_id == Standing.nominal_id,
        Picture.agency == Standing.agency,
        Picture.version <= Standing.version,
    )
    stands = exists().where(newest, Standing.nominal_id == Clock.nominal_id, Standing.person_id == me)
    return or_(reminded, listed, stands, overseen(principal))


def overseen(principal: Principal) -> ColumnElement[bool]:
    """Clocks of the units, and all below them, whose point of contact or director this person is or stands in for."""
    tops = (
        principal.units_with(*OVERSEERS) | principal.units_with_role(*OVERSEEING_ROLES) | principal.deputy_for
    )
    unit = DIRECTORY.unit
    tree = select(unit.c.code).where(unit.c.code.in_(tops)).cte("overseen", recursive=True)
    tree = tree.union(select(unit.c.code).where(unit.c.parent == tree.c.code))
    return Clock.unit.in_(select(tree.c.code))


def oversees(principal: Principal) -> bool:
    """Whether there are units whose deadlines this person sees to."""
    held = principal.holds(*OVERSEERS) or principal.has_role(*OVERSEEING_ROLES)
    return held or bool(principal.deputy_for)


def shown(clock: Clock, now: datetime, *, closed: bool = False) -> ShownClock:
    """`closed`: its record is, to the reader."""
    entry = catalogue().get(clock.code)
    code, words = _state(clock, now)
    duty = entry.duty if entry else clock.code
    if closed or clock.task.get("detail") == "restricted":
        return ShownClock(clock, RESTRICTED, "", code, words, [], [], restricted=True)
    return ShownClock(
        clock,
        duty,
        entry.clause if entry else "",
        code,
        words,
        [date.fromisoformat(each) for each in clock.days.get("used", [])],
        [(date.fromisoformat(each), reason) for each, reason in clock.days.get("left_out", [])],
    )


def rungs(clock: Clock, climbed: Sequence[Any]) -> list[ShownRung]:
    """The ladder as planned, with when each rung was climbed and how many were told."""
    done = {rung.number: rung for rung in climbed}
    return [
        ShownRung(
            step.number,
            step.roles,
            step.at,
            done[step.number].climbed_at if step.number in done else None,
            done[step.number].told if step.number in done else None,
        )
        for step in load_steps(clock.steps)
        if step.kind == "rung"
    ]


def in_state(state: str, now: datetime) -> ColumnElement[bool]:
    conditions = {
        "running": Clock.state == "running",
        "overdue": and_(Clock.state == "running", Clock.late_from <= now),
        "paused": Clock.state == "paused",
        "met": and_(Clock.state == "met", Clock.in_time.is_(True)),
        "met_late": and_(Clock.state == "met", Clock.in_time.is_(False)),
        "all": Clock.started_at.is_not(None),
    }
    return and_(conditions[state], Clock.started_at.is_not(None))


def _state(clock: Clock, now: datetime) -> tuple[str, str]:
    if clock.met_at is not None:
        met = day(clock.met_at.date())
        return ("met", f"Met on {met}") if clock.in_time else ("met_late", f"Met late, on {met}")
    if clock.state == "met":
        return "ended", "Ended"
    if clock.state == "paused":
        return "paused", "Paused"
    if clock.opens_at is not None and clock.opens_at > now:
        return "planned", f"On lists from {day(london_day(clock.opens_at))}"
    due = due_state(clock.due_on, clock.late_from, now)
    return due.code, due.words
