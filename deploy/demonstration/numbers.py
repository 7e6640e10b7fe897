"""Identifiers of invented nominals: valid in form and check letter, and each given once."""

from __future__ import annotations

from dataclasses import dataclass

from deploy.demonstration.cast import story_nominal
from shared.reference.check_letters import format_cro, format_pnc, format_search_file

CAPACITY = 999_999
"""More nominals than this would need a CRO serial twice."""

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Scramble:
    """A bijection of 0 to size - 1 that parts neighbours: multiplier and size have no factor in common."""

    multiplier: int
    size: int

    def __call__(self, index: int, seed: int) -> int:
        return (index * self.multiplier + seed * 7919) % self.size


_PNC = Scramble(7_368_787, 10_000_000)
_CRO = Scramble(618_031, CAPACITY)
_NOMS = Scramble(61_803_401, len(_LETTERS) ** 3 * 10_000)
_CRN = Scramble(9_270_451, len(_LETTERS) * 1_000_000)


def visor_number(index: int) -> str:
    """From V90000001 on: apart from the numbers that a running suite gives."""
    return f"V{90_000_001 + index}"


def pnc(index: int, seed: int, year: int) -> str:
    serial = _PNC(index, seed)
    number = format_pnc(year, serial)
    return number if number != story_nominal().pnc else format_pnc(year, _PNC(index + CAPACITY, seed))


def cro(index: int, seed: int, year: int) -> str:
    """One in twelve is of the search file."""
    serial = 1 + _CRO(index, seed)
    write = format_search_file if index % 12 == 5 else format_cro  # noqa: PLR2004 - any remainder does
    number = write(year, serial)
    return number if number != story_nominal().cro else format_search_file(year, serial)


def noms(index: int, seed: int) -> str:
    number = _noms(_NOMS(index, seed))
    return number if number != story_nominal().noms else _noms(_NOMS(index + CAPACITY, seed))


def crn(index: int, seed: int) -> str:
    number = _crn(_CRN(index, seed))
    return number if number != story_nominal().crn else _crn(_CRN(index + CAPACITY, seed))


def _noms(place: int) -> str:
    rest, digits = divmod(place, 10_000)
    rest, last = divmod(rest, len(_LETTERS))
    first, middle = divmod(rest, len(_LETTERS))
    return f"{_LETTERS[first]}{digits:04}{_LETTERS[middle]}{_LETTERS[last]}"


def _crn(place: int) -> str:
    letter, digits = divmod(place, 1_000_000)
    return f"{_LETTERS[letter]}{digits:06}"
