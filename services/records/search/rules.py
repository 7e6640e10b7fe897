"""How much a search must say, and why somebody was found, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.records.search.spelling import birth_dates, first, normal

_SURNAME = ("same surname", "surname spelt nearly the same", "surname sounds alike", "surname looks alike")
_FORENAME = (
    "same forename",
    "forename spelt nearly the same",
    "forename sounds alike",
    "forename looks alike",
    "forename is a short or familiar form",
    "same initial",
)
_WHOSE = ("", " (an alias)", " (a name noted on the record)")
_NEAR_YEARS = 2


# What anybody can be found by at all; the rest narrows and ranks.
SOURCES = frozenset({"number", "surname", "date_of_birth", "telephone", "vehicle", "address"})


@dataclass(frozen=True)
class Least:
    """National policy: which fields say enough alone, how many are needed otherwise, and the letters of a surname."""

    alone: frozenset[str]
    terms: int
    letters: int


def says_too_little(given: frozenset[str], surname: str, least: Least) -> str | None:
    """What to add, in words; None where the search says enough. A forename or a birth year alone would fish."""
    if (
        given & least.alone == {"surname"}
        and len(normal(surname)) < least.letters
        and len(given) < least.terms
    ):
        return f"Enter at least {least.letters} letters of the surname, or something else you know"
    if given & least.alone or (given & SOURCES and len(given) >= least.terms):
        return None
    return "Say more about the person: a number, surname, date of birth, telephone number, vehicle or address"


def name_words(code: int | None, *, forename: bool) -> list[str]:
    """From a code of the statements: which digits say how, see there."""
    if code is None:
        return []
    surname, given, whose = code % 1000 // 100, code % 100 // 10, code % 10
    if surname == given == 0 and forename:
        return [f"same name{_WHOSE[whose]}"]
    words = [_SURNAME[surname], _FORENAME[given]] if forename else [_SURNAME[surname]]
    return [words[0] + _WHOSE[whose], *words[1:]]


def birth_words(
    born: date, *, date_of_birth: date | None, year: int | None = None, month: int | None = None
) -> list[str]:
    """How this date of birth is like the one, or the part of one, that was given; nothing where it is not."""
    if date_of_birth is not None:
        return _date_words(born, date_of_birth)
    if year is None:
        return []
    if born.year == year:
        if month is None:
            return ["same year of birth"]
        return [
            "same month and year of birth" if born.month == month else "same year of birth, another month"
        ]
    return ["year of birth is near"] if abs(born.year - year) <= _NEAR_YEARS else []


def _date_words(born: date, given: date) -> list[str]:
    if born == given:
        return ["same date of birth"]
    if born in birth_dates(given):
        return ["date of birth with day and month swapped"]
    if wrong_digits(born, given) == 1:
        return ["date of birth with one digit different"]
    return ["same year of birth"] if born.year == given.year else []


def wrong_digits(one: date, other: date) -> int:
    """Of the eight digits of a date, how many differ."""
    return sum(a != b for a, b in zip(f"{one:%Y%m%d}", f"{other:%Y%m%d}", strict=True))


def as_sentence(words: Sequence[str]) -> str:
    """For the page: "Surname sounds alike, same year of birth"."""
    text = ", ".join(words)
    return text[:1].upper() + text[1:]


def forename_given(forename: str) -> bool:
    return bool(first(forename))
