"""Numbers by which police, probation and prisons know a person.

Each `parse_*` takes what somebody typed (any case, spaces allowed) and returns the canonical text, or raises
`InvalidIdentifier` with a message for that person to read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from shared.reference.check_letters import format_cro, format_pnc, format_search_file

_EARLIEST_YEAR = 1900
_LONGEST_SERIAL = 7

_PNC_WITH_SLASH = re.compile(r"(\d{4}|\d{2})/(\d{1,7})([A-Z])")
_PNC_WITHOUT = re.compile(r"(\d{3,11})([A-Z])")
_CRO = re.compile(r"(\d{1,6})/(\d{2})([A-Z])")
_CRO_SEARCH_FILE = re.compile(r"SF(\d{2})/(\d{1,6})([A-Z])")
_NOMS = re.compile(r"[A-Z]\d{4}[A-Z]{2}")
_CRN = re.compile(r"[A-Z]\d{6}")
_VISOR = re.compile(r"V\d{8}")
_NINO = re.compile(r"(?![DFIQUV])[A-Z](?![DFIOQUV])[A-Z]\d{6}[A-D]")
# Never issued, says HMRC's National Insurance Manual (NIM39110).
_NINO_UNUSED = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})

_PNC_SHAPE = "A PNC number has a year, a slash, up to 7 digits and a letter, like 2002/0073319Z."
_CRO_SHAPE = "A CRO number has up to 6 digits, a slash, 2 digits for the year and a letter, like 065656/91H."


class InvalidIdentifier(ValueError):
    """The text is not a number of that kind; `str(error)` says why, in words for the person who typed it."""


class Identifier(NamedTuple):
    kind: str
    value: str


def parse_pnc(text: str, today: date) -> str:
    """`YYYY/NNNNNNNC`. A two-digit year is this century's if that is not later than `today`, else the last one's."""
    typed = _tidy(text)
    readings = list(_pnc_readings(typed))
    if not readings:
        raise InvalidIdentifier(_PNC_SHAPE)
    possible = [(year, serial, letter) for year, serial, letter in _dated(readings, today)]
    if not possible:
        raise InvalidIdentifier("The year of this PNC number is in the future or before 1900.")
    good = {number for year, serial, letter in possible if (number := format_pnc(year, serial))[-1] == letter}
    if not good:
        raise InvalidIdentifier(
            "The last letter of this PNC number does not fit its digits. Check each digit."
        )
    if len(good) > 1:
        raise InvalidIdentifier("This PNC number can be read in two ways. Put a slash after the year.")
    return good.pop()


def parse_cro(text: str) -> str:
    """`NNNNNN/YYC`, or `SFYY/NC` for the search file, whose serial is not padded."""
    typed = _tidy(text)
    if found := _CRO.fullmatch(typed):
        serial, year, letter = found.groups()
        canonical = format_cro(int(year), int(serial))
    elif found := _CRO_SEARCH_FILE.fullmatch(typed):
        year, serial, letter = found.groups()
        canonical = format_search_file(int(year), int(serial))
    else:
        raise InvalidIdentifier(_CRO_SHAPE)
    if canonical[-1] != letter:
        raise InvalidIdentifier(
            "The last letter of this CRO number does not fit its digits. Check each digit."
        )
    return canonical


def parse_noms(text: str) -> str:
    return _shaped(_NOMS, text, "A prison (NOMS) number has a letter, 4 digits and 2 letters, like A1234BC.")


def parse_crn(text: str) -> str:
    return _shaped(_CRN, text, "A case reference number (CRN) has a letter and 6 digits, like X123456.")


def parse_visor(text: str) -> str:
    return _shaped(_VISOR, text, "A ViSOR number has the letter V and 8 digits, like V12345678.")


def parse_nino(text: str) -> str:
    message = "A National Insurance number has 2 letters, 6 digits and a letter from A to D, like AB123456C."
    number = _shaped(_NINO, text, message)
    if number[:2] in _NINO_UNUSED:
        raise InvalidIdentifier(f"No National Insurance number begins with {number[:2]}.")
    return number


PARSERS: dict[str, Callable[[str, date], str]] = {
    "pnc": parse_pnc,
    "cro": lambda text, _: parse_cro(text),
    "noms": lambda text, _: parse_noms(text),
    "crn": lambda text, _: parse_crn(text),
    "visor": lambda text, _: parse_visor(text),
    "nino": lambda text, _: parse_nino(text),
}


def recognise(text: str, today: date) -> list[Identifier]:
    """Every kind of number that this text can be, for a search box that takes them all; empty if none."""
    found = []
    for kind, parse in PARSERS.items():
        try:
            found.append(Identifier(kind, parse(text, today)))
        except InvalidIdentifier:
            continue
    return found


def _tidy(text: str) -> str:
    return "".join(text.split()).upper()


def _shaped(shape: re.Pattern[str], text: str, message: str) -> str:
    typed = _tidy(text)
    if not typed.isascii() or not shape.fullmatch(typed):
        raise InvalidIdentifier(message)
    return typed


def _pnc_readings(typed: str) -> Iterator[tuple[str, str, str]]:
    """Year, serial, letter. Without the slash the digits may begin with two or with four digits of year."""
    if not typed.isascii():
        return
    if found := _PNC_WITH_SLASH.fullmatch(typed):
        yield found[1], found[2], found[3]
    elif found := _PNC_WITHOUT.fullmatch(typed):
        digits, letter = found.groups()
        for length in (2, 4):
            if 1 <= len(digits) - length <= _LONGEST_SERIAL:
                yield digits[:length], digits[length:], letter


def _dated(readings: list[tuple[str, str, str]], today: date) -> Iterator[tuple[int, int, str]]:
    for written, serial, letter in readings:
        year = int(written)
        if len(written) == len("YY"):
            year += today.year // 100 * 100
            year -= 100 if year > today.year else 0
        if _EARLIEST_YEAR <= year <= today.year:
            yield year, int(serial), letter
