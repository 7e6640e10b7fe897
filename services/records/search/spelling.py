"""How a name is written in the dictionaries, and which spellings are near it. Pure."""

from __future__ import annotations

import unicodedata
from datetime import date

# Letters that are no letter with an accent, and so survive decomposition.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})
LONGEST = 100


def normal(name: str) -> str:
    """Lower case letters a to z without accents, spaces, hyphens or apostrophes.

    A name in another script, of which nothing would be left, keeps its own letters, so that it can still be found.
    """
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    kept = "".join(letter for letter in plain if "a" <= letter <= "z")
    return (kept or "".join(name.casefold().split()))[:LONGEST]


def first(forenames: str) -> str:
    """The normal form of the first forename; empty where there is none."""
    words = forenames.split()
    return normal(words[0]) if words else ""


def deletions(value: str) -> list[str]:
    """The value itself and each spelling with one letter left out.

    Two names that share one of these are a letter added, left out, replaced or swapped with its neighbour apart.
    """
    if len(value) < 2:  # noqa: PLR2004 - one letter less would be no name
        return [value]
    return sorted({value, *(value[:at] + value[at + 1 :] for at in range(len(value)))})


def birth_dates(date_of_birth: date) -> list[date]:
    """The date, and the one with day and month the other way round where there is such a date."""
    try:
        swapped = date_of_birth.replace(month=date_of_birth.day, day=date_of_birth.month)
    except ValueError:
        return [date_of_birth]
    return sorted({date_of_birth, swapped})


def birth_variants(born: date) -> list[date]:
    """The dates that one slip could make of this one: itself, day and month swapped, a digit wrong or two turned."""
    digits = f"{born:%Y%m%d}"
    typed = {digits[:at] + new + digits[at + 1 :] for at in range(8) for new in "0123456789"}
    typed |= {digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(7)}
    return sorted({*birth_dates(born), *(found for text in typed if (found := _date(text)) is not None)})


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
