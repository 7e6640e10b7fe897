"""Values and changes of policy as people see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.people.models import Person
from services.identity.policy.models import PolicyChange
from shared.policy import Entry, Policy, published_entries
from shared.policy.kinds import in_words, typed


@dataclass(frozen=True)
class ShownValue:
    """A value as it stands on a day, `entry` None where it is not in force; `later` what will stand after it."""

    key: str
    subject: str
    clause: str
    kind: str
    proposed: bool
    entry: Entry | None
    later: tuple[Entry, ...]
    changed: bool
    waiting: bool

    def __getattr__(self, name: str) -> Any:
        if name in ("value", "in_force_from", "in_force_to"):
            return getattr(self.entry, name, None)
        if name == "source":
            return self.entry.source if self.entry else ""
        raise AttributeError(name)

    @property
    def words(self) -> str:
        return in_words(self.entry.value) if self.entry else "Not in force"

    @property
    def coming(self) -> list[tuple[date, str]]:
        return [(entry.in_force_from, in_words(entry.value)) for entry in self.later]


def shown_values(policy: Policy, on: date, waiting: frozenset[str]) -> list[ShownValue]:
    """Every key, in the file's order."""
    changed = _changed(policy)
    return [
        _shown(policy, key, on, changed=key in changed, waiting=key in waiting) for key in policy.subjects
    ]


def shown_value(policy: Policy, key: str, on: date, *, waiting: bool) -> ShownValue:
    return _shown(policy, key, on, changed=key in _changed(policy), waiting=waiting)


def fits(value: ShownValue, text: str, group: str, show: str) -> bool:
    """Whether a value answers the filter of the list."""
    wanted = {
        "all": True,
        "changed": value.changed,
        "proposed": value.proposed,
        "waiting": value.waiting,
        "off": value.entry is None,
    }
    said = f"{value.key} {value.subject} {value.clause} {value.source}".lower()
    about = group == "all" or value.key.partition(".")[0] == group
    return wanted[show] and about and all(word in said for word in text.lower().split())


def names(session: Session, changes: Iterable[PolicyChange]) -> Mapping[UUID, Person]:
    """Who proposed and decided these."""
    ids = {one for change in changes for one in (change.proposed_by, change.decided_by) if one is not None}
    found = session.execute(select(Person).where(Person.id.in_(ids))).scalars()
    return {person.id: person for person in found}


def _changed(policy: Policy) -> set[str]:
    published = set(map(_identity, published_entries()))
    return {
        entry.key
        for entries in policy.entries.values()
        for entry in entries
        if _identity(entry) not in published
    }


def _identity(entry: Entry) -> tuple[str, str, date, str]:
    return entry.key, repr(entry.value), entry.in_force_from, entry.source


def _shown(policy: Policy, key: str, on: date, *, changed: bool, waiting: bool) -> ShownValue:
    subject = policy.subjects[key]
    entry = policy.entry(key, on) if policy.is_in_force(key, on) else None
    return ShownValue(
        key,
        subject.text,
        subject.conflict or "",
        typed(policy, key).kind.value,
        subject.proposed,
        entry,
        tuple(each for each in policy.entries[key] if each.in_force_from > on),
        changed,
        waiting,
    )
