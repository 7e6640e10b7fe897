"""By which parts a telephone number, vehicle, address or other identifier is found: in normal form, for hashing. Pure.

What is kept and what is sought go through the same functions, so that "+44 7700 900123" meets "07700 900 123".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Literal, NamedTuple

Kind = Literal["telephone", "vehicle", "address", "identifier"]
LAST_DIGITS = 6
_NUMBER = 4  # a mark of four characters is the front of a registration as issued since 2001
_LETTERS = 3
_LONGEST = 500

_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b")
_EXTENSION = re.compile(r"(?:ext|x)[. ]*\d+\s*$", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_STREETS: Mapping[str, str] = {
    "apt": "apartment",
    "ave": "avenue",
    "av": "avenue",
    "bldgs": "buildings",
    "cl": "close",
    "cres": "crescent",
    "ct": "court",
    "dr": "drive",
    "gdns": "gardens",
    "gr": "grove",
    "hse": "house",
    "ln": "lane",
    "pl": "place",
    "rd": "road",
    "sq": "square",
    "st": "street",
    "ter": "terrace",
}
# So common that they tell no address from another, and their number would tell what their hash stands for.
_COMMON = frozenset(_STREETS.values()) | {
    "and", "at", "c", "care", "city", "flat", "floor", "hill", "near", "o", "of", "on", "park", "room", "row",
    "the", "town", "unit", "view", "walk", "way",
}  # fmt: skip


class Sought(NamedTuple):
    """One way to be found: what holds all of `parts`; the lower `rank` the better, and why in words."""

    parts: tuple[str, ...]
    rank: float
    says: str


def kept(kind: Kind, text: str) -> list[str]:
    """The parts under which this text is kept; empty where nothing of it could be looked for."""
    return sorted(set(_KEPT[kind](text[:_LONGEST])))


def sought(kind: Kind, text: str) -> list[Sought]:
    """The ways in which this text is looked for, best first; empty where it says too little."""
    return sorted(_SOUGHT[kind](text[:_LONGEST]), key=lambda one: one.rank)


def telephone(text: str) -> str:
    """Digits without the country code of the United Kingdom, the trunk 0 and an extension; another country's stays."""
    digits = "".join(
        str(unicodedata.digit(one)) for one in _EXTENSION.sub("", text.replace("(0)", "")) if one.isdigit()
    )
    abroad = text.strip().startswith("+")
    for code in ("0044", "44"):
        if digits.startswith(code) and (code == "0044" or abroad or len(digits) > len("07700900123")):
            digits = digits.removeprefix(code)
    return digits.removeprefix("0")


def vehicle(text: str) -> str:
    """A registration mark in capitals, with O and I for nought and one, which plates do not tell apart."""
    plain = unicodedata.normalize("NFKD", text.upper())
    return "".join(one for one in plain if one.isascii() and one.isalnum()).translate(_LOOK_ALIKE)


_LOOK_ALIKE = str.maketrans("01", "OI")


def identifier(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.upper())
    return "".join(one for one in plain if one.isalnum())


def _telephone_kept(text: str) -> Iterator[str]:
    digits = telephone(text)
    if len(digits) >= LAST_DIGITS:
        yield f"telephone {digits}"
        yield f"telephone end {digits[-LAST_DIGITS:]}"


def _telephone_sought(text: str) -> Iterator[Sought]:
    digits = telephone(text)
    if len(digits) >= LAST_DIGITS:
        yield Sought((f"telephone {digits}",), 0, "same telephone number")
        yield Sought(
            (f"telephone end {digits[-LAST_DIGITS:]}",),
            1,
            f"telephone number with the same last {LAST_DIGITS} digits",
        )


def _vehicle_kept(text: str) -> Iterator[str]:
    mark = vehicle(text)
    if len(mark) > 1:
        yield f"vehicle {mark}"
    if len(mark) > _NUMBER:
        yield f"vehicle front {mark[:_NUMBER]}"
        yield f"vehicle back {mark[-_LETTERS:]}"


def _vehicle_sought(text: str) -> Iterator[Sought]:
    mark = vehicle(text)
    if len(mark) > 1:
        yield Sought((f"vehicle {mark}",), 0, "same vehicle registration")
    if len(mark) == _NUMBER:
        yield Sought((f"vehicle front {mark}",), 1, "vehicle registration that begins so")
    if len(mark) == _LETTERS:
        yield Sought((f"vehicle back {mark}",), 1, "vehicle registration that ends so")


def _identifier_kept(text: str) -> Iterator[str]:
    if value := identifier(text):
        yield f"identifier {value}"


def _identifier_sought(text: str) -> Iterator[Sought]:
    if value := identifier(text):
        yield Sought((f"identifier {value}",), 0, "same identifier")


def _address_kept(text: str) -> Iterator[str]:
    postcode, houses, words = _address(text)
    if postcode:
        yield f"postcode {postcode}"
    yield from (f"house {house}" for house in houses)
    yield from (f"word {word}" for word in words)


def _address_sought(text: str) -> Iterator[Sought]:
    """By postcode, or by two words or a word and the house number: one word alone would fish."""
    postcode, houses, words = _address(text)
    named = [f"word {word}" for word in words[:6]]
    if postcode:
        here = f"postcode {postcode}"
        yield Sought((here,), 1.5, "same postcode")
        yield from (
            Sought((here, f"house {house}"), 0, "same house number, street and postcode") for house in houses
        )
        yield from (Sought((here, word), 1, "same street or place, and postcode") for word in named)
    for house in houses:
        yield Sought((f"house {house}",), 2, "same house number and street")
        others = (word for word in named if not house.endswith(word.removeprefix("word")))
        yield from (
            Sought((f"house {house}", word), 0.5, "same house number, street and place") for word in others
        )
    yield from (Sought(pair, 2, "same street and place") for pair in combinations(named, 2))


def _address(text: str) -> tuple[str, list[str], list[str]]:
    """Postcode without its space, each house number with its street, and the words that tell something."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = (
        "".join(one for one in plain if not unicodedata.combining(one)).replace("'", "").replace("\u2019", "")
    )
    found = _POSTCODE.search(plain)
    words = [_STREETS.get(word, word) for word in _WORD.findall(_POSTCODE.sub(" ", plain))]
    houses = list(_houses(words))
    telling = [word for word in words if not word[0].isdigit() and len(word) > 1 and word not in _COMMON]
    return "".join(found.groups()) if found else "", list(dict.fromkeys(houses)), list(dict.fromkeys(telling))


def _houses(words: list[str]) -> Iterator[str]:
    """Each number with the word after it; with two where the first is common, as in "12 Park Road"."""
    for number, word, after in zip(words, words[1:], [*words[2:], "0"], strict=False):
        if number[0].isdigit() and not word[0].isdigit():
            if word not in _COMMON:
                yield f"{number} {word}"
            elif not after[0].isdigit():
                yield f"{number} {word} {after}"


_KEPT: Mapping[Kind, Callable[[str], Iterator[str]]] = {
    "telephone": _telephone_kept,
    "vehicle": _vehicle_kept,
    "address": _address_kept,
    "identifier": _identifier_kept,
}
_SOUGHT: Mapping[Kind, Callable[[str], Iterator[Sought]]] = {
    "telephone": _telephone_sought,
    "vehicle": _vehicle_sought,
    "address": _address_sought,
    "identifier": _identifier_sought,
}
