"""One value of national policy, and what it decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PolicyValue = bool | int | str | list[int] | list[str]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a key decides. `conflict` is its row of the requirements' section 31; `proposed`: no source gives it;
    `free`: its text is shown to people only, so any text will do.
    """

    key: str
    text: str
    conflict: str | None
    proposed: bool
    free: bool = False


@dataclass(frozen=True)
class Entry:
    """`value` stands from `in_force_from` to `in_force_to`, both included; None: it stands still."""

    key: str
    value: PolicyValue
    in_force_from: date
    in_force_to: date | None
    source: str

    def stands(self, on: date) -> bool:
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)


def shape(value: PolicyValue) -> str:
    """What kind of value it is, in words: a change keeps it."""
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, int):
        return "a whole number"
    if isinstance(value, str):
        return "text"
    if all(isinstance(part, int) and not isinstance(part, bool) for part in value):
        return "a list of whole numbers"
    return "a list of text"
