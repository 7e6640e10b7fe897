"""The policy values in force on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from shared.policy.values import Entry, PolicyValue, Subject
from shared.time.periods import Period


class UnknownPolicy(LookupError):
    """No policy value has that key."""


class NotInForce(LookupError):
    """The key is known, but no value of it stands on that day: the duty is off."""


@dataclass(frozen=True)
class Policy:
    """Reads values by key and day. Of several that stand, the one in force latest wins, so a change needs no end."""

    subjects: Mapping[str, Subject]
    entries: Mapping[str, tuple[Entry, ...]]

    @classmethod
    def of(cls, subjects: Iterable[Subject], entries: Iterable[Entry]) -> Policy:
        """Of two entries of a key that begin on the same day the later one given wins."""
        known = {subject.key: subject for subject in subjects}
        by_key: dict[str, list[Entry]] = {key: [] for key in known}
        for entry in entries:
            if entry.key not in by_key:
                raise UnknownPolicy(entry.key)
            by_key[entry.key].append(entry)
        return cls(
            known,
            {key: tuple(sorted(found, key=lambda each: each.in_force_from)) for key, found in by_key.items()},
        )

    def entry(self, key: str, on: date) -> Entry:
        """The entry that stands, with its source; raises `UnknownPolicy` or `NotInForce`."""
        if key not in self.entries:
            raise UnknownPolicy(key)
        for entry in reversed(self.entries[key]):
            if entry.stands(on):
                return entry
        raise NotInForce(f"{key} on {on.isoformat()}")

    def value(self, key: str, on: date) -> PolicyValue:
        return self.entry(key, on).value

    def is_in_force(self, key: str, on: date) -> bool:
        """Whether any value stands; a duty without one is off. Raises `UnknownPolicy`."""
        try:
            self.entry(key, on)
        except NotInForce:
            return False
        return True

    def flag(self, key: str, on: date) -> bool:
        value = self.value(key, on)
        return value if isinstance(value, bool) else self._wrong(key, value, "yes or no")

    def number(self, key: str, on: date) -> int:
        value = self.value(key, on)
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong(key, value, "a whole number")
        return value

    def text(self, key: str, on: date) -> str:
        value = self.value(key, on)
        return value if isinstance(value, str) else self._wrong(key, value, "text")

    def period(self, key: str, on: date) -> Period:
        """Raises `ValueError` where the text is no period."""
        return Period.parse(self.text(key, on))

    def numbers(self, key: str, on: date) -> list[int]:
        value = self.value(key, on)
        if not isinstance(value, list):
            self._wrong(key, value, "a list of whole numbers")
        return [part for part in value if isinstance(part, int)]

    def texts(self, key: str, on: date) -> list[str]:
        value = self.value(key, on)
        if not isinstance(value, list):
            self._wrong(key, value, "a list of text")
        return [part for part in value if isinstance(part, str)]

    def with_entries(self, entries: Iterable[Entry]) -> Policy:
        """The same policy with entries added: approved changes, or an older rule chosen for a test."""
        kept = [entry for found in self.entries.values() for entry in found]
        return Policy.of(self.subjects.values(), [*kept, *entries])

    @staticmethod
    def _wrong(key: str, value: PolicyValue, wanted: str) -> NoReturn:
        raise TypeError(f"{key} holds {value!r}, which is not {wanted}.")
