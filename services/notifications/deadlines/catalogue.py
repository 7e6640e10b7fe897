"""The catalogue of deadlines, read and checked when the service starts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from services.notifications.deadlines.rules import Manner
from shared.policy import Policy
from shared.time.calendars import start_of_day
from shared.time.periods import Period

_FIELDS = frozenset(
    [
        "duty",
        "trigger",
        "reminded",
        "ladder",
        "clause",
        "on",
        "note",
        "subject",
        "starts",
        "meets",
        "ends",
        "rung_gap",
        "before",
        "every",
    ]
)


class CatalogueError(ValueError):
    """A row of the catalogue contradicts itself: the service refuses to start."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """Which fact starts or stops a clock, and which of its fields say for what, from when and whose business."""

    event: str
    subject: str
    since: str | None = None
    unit: str | None = None
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def fits(self, data: Mapping[str, Any]) -> bool:
        """The subject is named, and every other field has one of the values asked for."""
        named = data.get(self.subject) is not None
        return named and all(str(data.get(name)) in values for name, values in self.when.items())

    def start(self, data: Mapping[str, Any], occurred_at: datetime) -> datetime:
        """The moment from which it counts; a date counts from its first minute in London."""
        value = data[self.since] if self.since else occurred_at
        return value if isinstance(value, datetime) else start_of_day(value)


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
    subject: str = ""
    starts: Trigger | None = None
    meets: tuple[Trigger, ...] = ()
    ends: tuple[Trigger, ...] = ()
    rung_gap: str | None = None
    before: tuple[int, ...] | None = None
    every: str | None = None

    def period(self, policy: Policy, on: date) -> Period:
        """As national policy has it on that day. Raises NotInForce or UnknownPolicy where it has none."""
        return policy.period(f"deadline.{self.code}", on)

    def manner(self, policy: Policy, on: date) -> Manner:
        gap = self.rung_gap or policy.text("deadlines.next_rung_after", on)
        morning = time.fromisoformat(policy.text("deadlines.overdue_at", on))
        return Manner(self.ladder, Period.parse(gap), morning, self._before(policy, on))

    def _before(self, policy: Policy, on: date) -> tuple[int, ...] | None:
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
        _check(entry)
    return MappingProxyType(entries)


@cache
def started_by(event: str) -> tuple[Entry, ...]:
    return tuple(
        each for each in catalogue().values() if each.on and each.starts and each.starts.event == event
    )


@cache
def met_by(event: str) -> tuple[tuple[Entry, Trigger], ...]:
    return tuple((each, fact) for each in catalogue().values() for fact in each.meets if fact.event == event)


@cache
def ended_by(event: str) -> tuple[tuple[Entry, Trigger], ...]:
    """What is needless once this has happened: it is neither met nor late."""
    return tuple((each, fact) for each in catalogue().values() for fact in each.ends if fact.event == event)


def events() -> frozenset[str]:
    """Every fact that starts or stops a clock."""
    starting = {each.starts.event for each in catalogue().values() if each.on and each.starts}
    stopping = {fact.event for each in catalogue().values() for fact in (*each.meets, *each.ends)}
    return frozenset(starting | stopping)


def _entry(code: str, row: Mapping[str, Any]) -> Entry:
    if unknown := row.keys() - _FIELDS:
        raise CatalogueError(f"{code} has unknown fields: {', '.join(sorted(unknown))}")
    given = dict(row)
    given["reminded"] = tuple(row["reminded"])
    given["ladder"] = tuple(tuple(rung) for rung in row["ladder"])
    given["starts"] = _trigger(row["starts"]) if "starts" in row else None
    given["meets"] = tuple(_trigger(fact) for fact in row.get("meets", ()))
    given["ends"] = tuple(_trigger(fact) for fact in row.get("ends", ()))
    given["before"] = tuple(row["before"]) if "before" in row else None
    return Entry(code=code, **given)


def _trigger(row: Mapping[str, Any]) -> Trigger:
    when = {name: tuple(values) for name, values in row.get("when", {}).items()}
    return Trigger(row["event"], row["subject"], row.get("from"), row.get("unit"), MappingProxyType(when))


# What lasts: a clock of one of these would be met by its first occasion, and never run again.
_NO_OCCASION = frozenset({"nominal_id", "person_id"})


def _check(entry: Entry) -> None:
    runs = entry.on and entry.starts is not None
    if not entry.ladder or not all(entry.ladder) or not entry.reminded:
        raise CatalogueError(f"{entry.code}: nobody to remind, or an empty rung")
    if runs and not (entry.meets and entry.subject and entry.starts and entry.starts.unit):
        raise CatalogueError(
            f"{entry.code}: a clock that runs needs a subject, a unit and a fact that stops it"
        )
    if runs and entry.starts and entry.starts.subject in _NO_OCCASION:
        raise CatalogueError(
            f"{entry.code}: a clock runs once for each subject, so its subject is an occasion (a meeting, a request),"
            " not a record or a person"
        )
    if not runs and not entry.note:
        raise CatalogueError(f"{entry.code}: does not run, and does not say why")
