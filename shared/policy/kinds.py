"""What kind of value a key takes, how it is typed in, and what is wrong with one that does not fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.policy.policy import Policy
from shared.policy.values import PolicyValue, shape
from shared.time.periods import Period

# A deadline may go from calendar to working days; whoever reads another period counts it in the unit it has.
_ANY_UNIT = "deadline."
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_NUMBER = re.compile(r"-?\d{1,9}")
_LONGEST = 200


class Kind(StrEnum):
    """In the words in which a person is asked for it."""

    FLAG = "yes or no"
    NUMBER = "a whole number"
    PERIOD = "a period, like '5 working days'"
    TIME = "a time of day, like '07:00'"
    CHOICE = "one of the values the suite knows"
    TEXT = "text"
    NUMBERS = "whole numbers, with commas between them"
    CHOICES = "values the suite knows, with commas between them"


@dataclass(frozen=True)
class Typed:
    """What may stand under one key: its kind, every value that it ever had, and the parts that code knows."""

    key: str
    kind: Kind
    known: tuple[PolicyValue, ...]

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that a choice, or a list of them, is made of."""
        if self.kind not in (Kind.CHOICE, Kind.CHOICES):
            return ()
        parts = [part for value in self.known for part in (value if isinstance(value, list) else [value])]
        return tuple(dict.fromkeys(str(part) for part in parts))

    def parse(self, typed: str) -> PolicyValue:
        """The value somebody typed. Raises ValueError, whose message is for them."""
        text = " ".join(typed.split())
        if self.kind is Kind.FLAG and text.lower() in ("yes", "no"):
            return text.lower() == "yes"
        if self.kind is Kind.NUMBER and _NUMBER.fullmatch(text):
            return int(text)
        parts = [part.strip() for part in text.split(",")]
        if self.kind is Kind.NUMBERS and all(_NUMBER.fullmatch(part) for part in parts):
            return [int(part) for part in parts]
        if self.kind is Kind.CHOICES:
            return parts
        if self.kind is Kind.PERIOD:
            return _as_kept(text)
        if self.kind in (Kind.TIME, Kind.CHOICE, Kind.TEXT):
            return text
        raise ValueError(f"The value must be {self.kind}.")

    def wrong(self, value: PolicyValue) -> str | None:
        """What is wrong with a value, in a sentence; None where it fits."""
        if shape(value) != shape(self.known[-1]):
            return f"The value must be {self.kind}."
        if self.kind is Kind.PERIOD:
            return self._wrong_period(str(value))
        if self.kind is Kind.TIME and not _TIME.fullmatch(str(value)):
            return f"The value must be {self.kind}."
        if self.kind is Kind.TEXT and not 0 < len(str(value)) <= _LONGEST:
            return f"The value must have between 1 and {_LONGEST} characters."
        parts = value if isinstance(value, list) else [value]
        if any(isinstance(part, int) and part < 0 for part in parts):
            return "The value must not be below nought."
        if self.choices and not set(parts) <= set(self.choices):
            return f"The value must be made of: {', '.join(self.choices)}."
        return "The value names something twice." if len(set(parts)) < len(parts) else None

    def _wrong_period(self, text: str) -> str | None:
        try:
            period = Period.parse(text)
        except ValueError:
            return f"The value must be {self.kind}."
        before = [Period.parse(str(value)) for value in self.known]
        if period.amount < 0 and not any(one.amount < 0 for one in before):
            return "The period must not be below nought."
        if self.key.startswith(_ANY_UNIT):
            return None
        if period.unit not in {one.unit for one in before}:
            return f"The period must be counted in {before[-1].unit}, as it is now."
        return "The period must not be nought." if period.amount == 0 else None


def typed(policy: Policy, key: str) -> Typed:
    """What may stand under a key that has been given a value. Raises KeyError, or IndexError without any."""
    known = tuple(entry.value for entry in policy.entries[key])
    return Typed(key, _kind(known, free=policy.subjects[key].free), known)


def in_words(value: PolicyValue) -> str:
    """As a person types it: yes or no, a number, a text, a list with commas."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    text = str(value)
    return Period.parse(text).words if _is_period(text) else text


def _as_kept(text: str) -> str:
    """Unread where it is no period: what is wrong with it is said elsewhere."""
    return str(Period.parse(text)) if _is_period(text) else text


def _kind(known: Sequence[PolicyValue], *, free: bool) -> Kind:
    last = known[-1]
    if isinstance(last, bool):
        return Kind.FLAG
    if isinstance(last, int):
        return Kind.NUMBER
    if isinstance(last, list):
        return Kind.NUMBERS if shape(last) == "a list of whole numbers" else Kind.CHOICES
    if free:
        return Kind.TEXT
    if _TIME.fullmatch(last):
        return Kind.TIME
    return Kind.PERIOD if _is_period(last) else Kind.CHOICE


def _is_period(text: str) -> bool:
    try:
        Period.parse(text)
    except ValueError:
        return False
    return True
