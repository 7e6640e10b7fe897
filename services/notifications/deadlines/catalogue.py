"""The catalogue of deadlines, read and checked when the service starts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from services.notifications.deadlines.row_check import CatalogueError, check
from services.notifications.deadlines.rules import Manner, Until
from services.notifications.delivery.rules import PERSONAL
from shared.policy import Policy
from shared.time.bank_holidays import WHOLE_UK
from shared.time.calendars import start_of_day
from shared.time.periods import Period

__all__ = ["CatalogueError", "Entry", "Trigger", "catalogue"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """Which fact starts or stops a clock, and which of its fields say for what, from when and whose business.

    `by` and `ahead_of` name the field with the moment by which, or before which, it must be done, instead of a period.
    """

    event: str
    subject: str
    since: str | None = None
    unit: str | None = None
    by: str | None = None
    ahead_of: str | None = None
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def fits(self, data: Mapping[str, Any]) -> bool:
        """The subject is named, and every other field has one of the values asked for."""
        named = data.get(self.subject) is not None
        return named and all(str(data.get(name)) in values for name, values in self.when.items())

    def start(self, data: Mapping[str, Any], occurred_at: datetime) -> datetime:
        """The moment from which it counts; a date counts from its first minute in London."""
        value = data[self.since] if self.since else occurred_at
        return value if isinstance(value, datetime) else start_of_day(value)

    def until(self, data: Mapping[str, Any]) -> Until | None:
        """The end that the fact itself carries, if it carries one."""
        if name := self.by or self.ahead_of:
            return Until.of(data[name], before=self.by is None) if data.get(name) is not None else None
        return None


@dataclass(frozen=True, slots=True)
class Calendar:
    """A duty that comes round for each unit of these kinds: since the last time, or with a day of the year."""

    kinds: tuple[str, ...]
    yearly: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ByHand:
    """Words for entering its facts by hand, where no capability tells them: `begins` and `done` label the two dates.

    `moment`: what is entered is a time, not a day; `ahead`: the time before which it must be done. `nominal`: it is
    about one record.
    """

    begins: str = ""
    done: str = ""
    moment: bool = False
    ahead: bool = False
    nominal: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of section 32."""

    code: str
    duty: str
    trigger: str
    reminded: tuple[str, ...]
    ladder: tuple[tuple[str, ...], ...]
    clause: str
    on: bool
    note: str = ""
    proposed_by: str = ""
    subject: str = ""
    starts: Trigger | None = None
    meets: tuple[Trigger, ...] = ()
    ends: tuple[Trigger, ...] = ()
    follows: tuple[Trigger, ...] = ()
    pauses: tuple[Trigger, ...] = ()
    resumes: tuple[Trigger, ...] = ()
    rung_gap: str | None = None
    before: tuple[int, ...] | str | None = None
    report_only: bool = False
    every: str | None = None
    opens: str | None = None
    again: bool = False
    staffed: bool = False
    calendar: Calendar | None = None
    by_hand: ByHand | None = None
    variants: tuple[str, ...] = ()
    whole_uk: tuple[str, ...] = ()
    pausable: str = ""
    told_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def runs(self) -> bool:
        """Whether anything starts it: a fact, the calendar, or somebody who enters it."""
        enters = self.by_hand is not None and bool(self.by_hand.begins)
        return self.on and (self.starts is not None or self.calendar is not None or enters)

    def period(self, policy: Policy, on: date, variant: str = "") -> Period:
        """As national policy has it on that day. Raises NotInForce or UnknownPolicy where it has none."""
        return policy.period(f"deadline.{self.code}.{variant}" if variant else f"deadline.{self.code}", on)

    def window(self, policy: Policy, on: date) -> Period | None:
        """How long before its end (or, for months below nought, before what it counts from) it comes onto lists."""
        return policy.period(self.opens, on) if self.opens else None

    @property
    def by_role(self) -> bool:
        """Whom to remind no fact says: whoever fills the roles of the unit at that moment."""
        return self.starts is None

    @property
    def reminded_roles(self) -> tuple[str, ...]:
        """Those who hold a role of the unit; the others (a practitioner) are named as it is entered."""
        return tuple(role for role in self.reminded if role not in PERSONAL)

    def rule(self, policy: Policy, on: date) -> str:
        """What it is counted by on that day, short: another text, another rule."""
        periods = [self._period_text(policy, on, variant) for variant in self.variants or ("",)]
        said = (periods, self.manner(policy, on), self.window(policy, on))
        return sha256(repr(said).encode()).hexdigest()[:16]

    def _period_text(self, policy: Policy, on: date, variant: str) -> str:
        try:
            return str(self.period(policy, on, variant))
        except LookupError:
            return ""

    def calendar_of(self, jurisdiction: str, variant: str) -> str:
        """Whose bank holidays count (FOIA s.10(6): those of every part)."""
        return WHOLE_UK if variant and variant in self.whole_uk else jurisdiction

    def manner(self, policy: Policy, on: date) -> Manner:
        gap = self.rung_gap or policy.text("deadlines.next_rung_after", on)
        morning = time.fromisoformat(policy.text("deadlines.overdue_at", on))
        ladder = () if self.report_only else self.ladder
        return Manner(ladder, Period.parse(gap), morning, self._before(policy, on))

    def _before(self, policy: Policy, on: date) -> tuple[int, ...] | None:
        if isinstance(self.before, str):
            return tuple(policy.numbers(self.before, on))
        if self.every is None:
            return self.before
        step, whole = policy.period(self.every, on).amount, self.period(policy, on).amount
        return tuple(range(whole - step, 0, -step))


@cache
def catalogue() -> Mapping[str, Entry]:
    """Every deadline by its code. Raises CatalogueError."""
    text = (files("services.notifications.deadlines") / "catalogue.toml").read_text(encoding="utf-8")
    return read(tomllib.loads(text))


def read(table: Mapping[str, Any]) -> Mapping[str, Entry]:
    entries = {code: _entry(code, row) for code, row in table.items()}
    for entry in entries.values():
        check(entry)
    return MappingProxyType(entries)


@cache
def started_by(event: str) -> tuple[Entry, ...]:
    return tuple(
        each for each in catalogue().values() if each.on and each.starts and each.starts.event == event
    )


@cache
def met_by(event: str) -> tuple[tuple[Entry, Trigger], ...]:
    return _on(event, "meets")


@cache
def ended_by(event: str) -> tuple[tuple[Entry, Trigger], ...]:
    """What is needless once this has happened: it is neither met nor late."""
    return _on(event, "ends")


@cache
def moved_by(event: str) -> tuple[tuple[Entry, Trigger], ...]:
    """Whose end goes with a date that this fact changes."""
    return _on(event, "follows")


@cache
def paused_by(event: str) -> tuple[tuple[Entry, Trigger], ...]:
    return _on(event, "pauses")


@cache
def resumed_by(event: str) -> tuple[tuple[Entry, Trigger], ...]:
    return _on(event, "resumes")


def _on(event: str, what: str) -> tuple[tuple[Entry, Trigger], ...]:
    return tuple(
        (each, fact) for each in catalogue().values() for fact in getattr(each, what) if fact.event == event
    )


def events() -> frozenset[str]:
    """Every fact that starts, stops, moves or pauses a clock."""
    starting = {each.starts.event for each in catalogue().values() if each.on and each.starts}
    others = {
        fact.event for each in catalogue().values() for name in _TRIGGERS for fact in getattr(each, name)
    }
    return frozenset(starting | others)


_TRIGGERS = ("meets", "ends", "follows", "pauses", "resumes")


def _entry(code: str, row: Mapping[str, Any]) -> Entry:
    given = dict(row)
    given["ladder"] = tuple(tuple(rung) for rung in row["ladder"])
    for name in ("reminded", "variants", "whole_uk"):
        given[name] = tuple(row.get(name, ()))
    for name in _TRIGGERS:
        given[name] = tuple(_trigger(fact) for fact in row.get(name, ()))
    given["starts"] = _trigger(row["starts"]) if "starts" in row else None
    given["before"] = _before(row.get("before"))
    given["calendar"] = _calendar(row["calendar"]) if "calendar" in row else None
    given["by_hand"] = ByHand(**row["by_hand"]) if "by_hand" in row else None
    try:
        return Entry(code=code, **given)
    except TypeError as error:
        raise CatalogueError(f"{code}: {error}") from error


def _trigger(row: Mapping[str, Any]) -> Trigger:
    when = {name: tuple(values) for name, values in row.get("when", {}).items()}
    return Trigger(
        row["event"],
        row["subject"],
        row.get("from"),
        row.get("unit"),
        row.get("by"),
        row.get("ahead_of"),
        MappingProxyType(when),
    )


def _before(given: list[int] | str | None) -> tuple[int, ...] | str | None:
    """Days, or the policy value that has them."""
    return tuple(given) if isinstance(given, list) else given


def _calendar(row: Mapping[str, Any]) -> Calendar:
    day = date.fromisoformat(f"2000-{row['yearly']}") if "yearly" in row else None
    return Calendar(tuple(row["kinds"]), (day.month, day.day) if day else None)
