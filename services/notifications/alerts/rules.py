"""The alert rules, read and checked when the service starts: which fact gives which kind of item."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any
from uuid import UUID

from services.notifications.deadlines.catalogue import Entry, catalogue
from services.notifications.todo.rules import RESTRICTED
from services.notifications.todo.task import Task
from shared.events.envelope import Event
from shared.time.words import in_words

# Facts that only say that a record changed, and the word for the change (the field that holds it, where it varies).
CHANGES: Mapping[str, str] = {
    "records.activity.added": "what",
    "records.nominal.changed": "what",
    "records.attachment.changed": "what",
}


class AlertRuleError(ValueError):
    """A rule contradicts itself or the facts: the service refuses to start."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Which items a fact makes needless: of everybody, or only of whom its field `person` names."""

    kind: str
    cause: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    event: str
    kind: str
    label: str
    title: str
    clause: str
    link: str
    cause: str
    told: str = ""
    important: bool = False
    pinned: bool = False
    always_mailed: bool = False
    receipt: bool = False
    subject: tuple[str, str] | None = None
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    deadlines: tuple[str, ...] = ()
    closes: tuple[Closing, ...] = ()

    def fits(self, data: Mapping[str, Any]) -> bool:
        return all(str(data.get(name)) in values for name, values in self.when.items())

    def clocks(self, data: Mapping[str, Any]) -> list[Entry]:
        """The clocks this fact starts; a deadline that is off starts nothing."""
        entries = [catalogue()[code] for code in self.deadlines]
        return [each for each in entries if each.on and each.starts is not None and each.starts.fits(data)]

    def _link(self, data: Mapping[str, Any]) -> str:
        """Nowhere, where the fact does not know what the link is about."""
        known = all(data.get(name) is not None for _, name, _, _ in Formatter().parse(self.link) if name)
        return self.link.format_map(data) if known else ""

    def task(self, event: Event, data: Mapping[str, Any]) -> Task:
        """The item as everybody concerned sees it. A restricted fact shows neither its subject nor a way to it."""
        restricted = event.detail == "restricted"
        subject_kind, subject_field = self.subject or ("", "")
        subject_id = data.get(subject_field)
        return Task(
            kind=self.kind,
            title=RESTRICTED if restricted else self.title.format_map(_said(data)),
            cause=str(event.id if self.cause == "event" else data[self.cause]),
            clause=self.clause,
            link="" if restricted else self._link(data),
            important=self.important,
            pinned=self.pinned,
            detail="restricted" if restricted else "full",
            subject_kind=subject_kind,
            subject_id=subject_id if isinstance(subject_id, UUID) else None,
            nominal_id=data.get("nominal_id"),
        )


@cache
def rules() -> tuple[Rule, ...]:
    """The whole table, as `table/README.md` explains it. Raises AlertRuleError."""
    table = Path(__file__).parent / "table"
    tables = [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(table.glob("*/*.toml"))]
    return tuple(read(row) for one in tables for row in one["rule"])


@cache
def rules_for(event: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules() if rule.event == event)


def read(row: Mapping[str, Any]) -> Rule:
    given = dict(row)
    given["when"] = {name: tuple(values) for name, values in row.get("when", {}).items()}
    given["deadlines"] = tuple(row.get("deadlines", ()))
    given["closes"] = tuple(Closing(**one) for one in row.get("closes", ()))
    given["subject"] = tuple(row["subject"]) if "subject" in row else None
    try:
        rule = Rule(**given)
    except TypeError as error:
        raise AlertRuleError(f"{row.get('kind')}: {error}") from error
    _check(rule)
    return rule


def _said(data: Mapping[str, Any]) -> dict[str, Any]:
    """Dates as people write them."""
    return {name: in_words(value) if isinstance(value, date) else value for name, value in data.items()}


def fields_used(rule: Rule) -> set[str]:
    """Every field of the fact that the rule reads."""
    parsed = [*Formatter().parse(rule.link), *Formatter().parse(rule.title)]
    used = {name for _, name, _, _ in parsed if name}
    used |= set(rule.when) | ({rule.subject[1]} if rule.subject else set())
    for closing in rule.closes:
        used |= {closing.cause} | ({closing.person} if closing.person else set())
    return used | ({rule.cause} - {"event"})


def _check(rule: Rule) -> None:
    if rule.always_mailed and not rule.important:
        raise AlertRuleError(f"{rule.kind}: only what is important is mailed at once")
    if rule.receipt and rule.subject is None:
        raise AlertRuleError(f"{rule.kind}: a receipt says for which subject it is")
    for code in rule.deadlines:
        starts = catalogue()[code].starts if code in catalogue() else None
        if starts is None or starts.event != rule.event:
            raise AlertRuleError(f"{rule.kind}: {rule.event} does not start {code}")
