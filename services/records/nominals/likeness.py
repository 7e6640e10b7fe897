"""Is this the same person? Weighs what two sets of facts have in common, with reasons in words. Pure (PF-4.16m.2).

Each agreement speaks for the same person by as many bits as it would surprise in two different people: the same birth
date does so once in some twenty thousand. What disagrees speaks against it. The sum, with how unlikely it is to begin
with that a stranger is the one, becomes a score from 0 to 100.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.records.search.nicknames import meant_by
from services.records.search.spelling import birth_dates, first, normal

# One in a register of some 250,000.
_STRANGER = -18.0
_NUMBER_SAME, _NUMBER_NEAR, _NUMBER_OTHER = 25.0, 10.0, -5.0
_SURNAME, _SURNAME_NEAR, _SURNAME_SOUNDS, _SURNAME_PART, _SURNAME_OTHER = 9.0, -2.5, -3.0, -2.0, -5.0
_FORENAME, _FORENAME_SHORT, _FORENAME_NEAR, _FORENAME_MIDDLE, _INITIAL, _FORENAME_OTHER = 6, 5, 4.5, 3, 2, -7
_SWAPPED_NAMES = 13.0
_BIRTH, _BIRTH_SWAPPED, _BIRTH_DIGIT, _BIRTH_TURNED = 14.5, 12.0, 9.0, 8.5
_BIRTH_YEAR, _BIRTH_NEAR_YEAR, _BIRTH_OTHER = -3.0, -6.0, -9.0
_ADDRESS: Mapping[float, float] = {0: 10.0, 0.5: 9.0, 1: 6.0, 1.5: 5.0, 2: 6.0}
_LONG = 6  # letters from which two slips may be one name
_KINDS = {"pnc": "PNC", "cro": "CRO", "noms": "prison number", "crn": "case reference number"}


@dataclass(frozen=True)
class Called:
    """One name. `sounds`: its surname sounds like one that is asked for."""

    forenames: str
    surname: str
    sounds: bool = False


@dataclass(frozen=True)
class Facts:
    """What is known of one person. `address_rank`: how near one address is to that asked for, as a search ranks it."""

    names: tuple[Called, ...]
    date_of_birth: date
    numbers: Mapping[str, str] = field(default_factory=dict)
    address_rank: float | None = None


@dataclass(frozen=True)
class Likeness:
    """`score` from 0 to 100."""

    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Weight:
    bits: float
    reason: str = ""


def likeness(asked: Facts, known: Facts, *, rarity: float = _SURNAME) -> Likeness:
    """How likely it is that they are one person; `rarity` in bits: how much the same surname surprises."""
    weights = [
        *_numbers(asked.numbers, known.numbers),
        max(
            (_name(one, other, rarity) for one in asked.names for other in known.names),
            key=lambda weight: weight.bits,
        ),
        _birth(asked.date_of_birth, known.date_of_birth),
        _address(known.address_rank),
    ]
    bits = _STRANGER + sum(weight.bits for weight in weights)
    reasons = tuple(weight.reason for weight in weights if weight.reason)
    return Likeness(round(100 / (1 + 2.0**-bits)), reasons)


def _numbers(asked: Mapping[str, str], known: Mapping[str, str]) -> Iterable[_Weight]:
    for kind in asked.keys() & known.keys():
        said, slips = _KINDS.get(kind, kind), typing_slips(asked[kind], known[kind])
        if slips == 0:
            yield _Weight(_NUMBER_SAME, f"same {said}")
        elif slips == 1:
            yield _Weight(_NUMBER_NEAR, f"{said} with one character different")
        else:
            yield _Weight(_NUMBER_OTHER)


def _name(one: Called, other: Called, rarity: float) -> _Weight:
    surname, forename = _surname(one, other, rarity), _forename(one.forenames, other.forenames)
    together = _Weight(surname.bits + forename.bits, _joined(surname, forename))
    swapped = (first(one.forenames), normal(one.surname)) == (normal(other.surname), first(other.forenames))
    if swapped and one.forenames and together.bits < _SWAPPED_NAMES:
        return _Weight(_SWAPPED_NAMES, "forename and surname the other way round")
    return together


def _joined(surname: _Weight, forename: _Weight) -> str:
    if surname.reason == "same surname" and forename.reason == "same forename":
        return "same name"
    return ", ".join(reason for reason in (surname.reason, forename.reason) if reason)


def _surname(one: Called, other: Called, rarity: float) -> _Weight:
    mine, theirs = normal(one.surname), normal(other.surname)
    if mine == theirs:
        return _Weight(rarity, "same surname")
    if nearly(mine, theirs):
        return _Weight(rarity + _SURNAME_NEAR, "surname spelt nearly the same")
    if other.sounds:
        return _Weight(rarity + _SURNAME_SOUNDS, "surname sounds alike")
    if _parts(one.surname) & _parts(other.surname):
        return _Weight(rarity + _SURNAME_PART, "one part of the surname the same")
    return _Weight(_SURNAME_OTHER)


def _forename(mine: str, theirs: str) -> _Weight:
    one, other = first(mine), first(theirs)
    if not one or not other:
        return _Weight(0)
    if one == other:
        return _Weight(_FORENAME, "same forename")
    if other in meant_by(one):
        return _Weight(_FORENAME_SHORT, "a short or familiar form of the forename")
    if nearly(one, other):
        return _Weight(_FORENAME_NEAR, "forename spelt nearly the same")
    if one in map(normal, theirs.split()) or other in map(normal, mine.split()):
        return _Weight(_FORENAME_MIDDLE, "forename is a middle name")
    if 1 in {len(one), len(other)} and one[0] == other[0]:
        return _Weight(_INITIAL, "same initial")
    return _Weight(_FORENAME_OTHER)


def _birth(asked: date, known: date) -> _Weight:
    if asked == known:
        return _Weight(_BIRTH, "same date of birth")
    if known in birth_dates(asked):
        return _Weight(_BIRTH_SWAPPED, "date of birth with day and month swapped")
    digits, other = f"{asked:%Y%m%d}", f"{known:%Y%m%d}"
    wrong = [at for at, (a, b) in enumerate(zip(digits, other, strict=True)) if a != b]
    if len(wrong) == 1:
        return _Weight(_BIRTH_DIGIT, "date of birth with one digit different")
    if turned(digits, other):
        return _Weight(_BIRTH_TURNED, "date of birth with two digits turned round")
    apart = abs(asked.year - known.year)
    return _Weight(_BIRTH_YEAR if apart == 0 else _BIRTH_NEAR_YEAR if apart <= 2 else _BIRTH_OTHER)  # noqa: PLR2004


def _address(rank: float | None) -> _Weight:
    if rank is None:
        return _Weight(0)
    return _Weight(_ADDRESS.get(rank, 0), "same address" if rank < 1 else "part of the address the same")


def _parts(surname: str) -> set[str]:
    """Of a name of two parts, like Smith-Jones, each; of one part that one. Short ones, like "de", are none."""
    words = surname.replace("-", " ").split()
    return {normal(word) for word in words if len(normal(word)) > 3}  # noqa: PLR2004


def nearly(one: str, other: str) -> bool:
    """A letter added, left out, replaced or turned round with its neighbour; in a long name, two."""
    if min(len(one), len(other)) < 3:  # noqa: PLR2004 - of a name of two letters, one is half
        return False
    return typing_slips(one, other) <= (2 if min(len(one), len(other)) >= _LONG else 1)


def typing_slips(one: str, other: str) -> int:
    """Letters added, left out, replaced, or turned round with the next, to get from one to the other."""
    if one == other:
        return 0
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if older and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]


def turned(one: str, other: str) -> bool:
    """Whether two neighbouring characters, and nothing else, stand the other way round."""
    wrong = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return (
        len(wrong) == 2  # noqa: PLR2004
        and wrong[1] == wrong[0] + 1
        and one[wrong[0]] == other[wrong[1]]
        and one[wrong[1]] == other[wrong[0]]
    )
