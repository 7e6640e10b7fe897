"""The names of one invented nominal: three on average, as a register of this kind has."""

from __future__ import annotations

import random

from deploy.demonstration.names import Heritage, pick_heritage
from deploy.demonstration.nominal import InventedName
from deploy.demonstration.spelling import misspell
from shared.reference.nicknames import nicknames

_MIDDLE = (0.35, 0.9)
"""Below the first no middle name, below the second one, above it two."""
_FORMER = {"female": 0.3, "male": 0.03}
_KNOWN_AS, _OWN_NICKNAME = 0.45, 0.8
_ALIASES = (0, 0, 0, 0, 1, 1, 1, 1, 2, 3)
_MISSPELLINGS = (0, 0, 0, 1, 1, 2)


def names_of(chance: random.Random, sex: str, born: int) -> tuple[InventedName, ...]:
    """The main name first, and none twice."""
    heritage = pick_heritage(chance)
    main = InventedName("main", _forenames(chance, heritage, sex, born), heritage.surname(chance, sex))
    names = [main]
    if chance.random() < _FORMER[sex]:
        names.append(InventedName("former", main.forenames, heritage.surname(chance, sex)))
    if chance.random() < _KNOWN_AS:
        names.append(_known_as(chance, main))
    names += [_alias(chance, heritage, sex, born, main) for _ in range(chance.choice(_ALIASES))]
    names += [_misspelt(chance, main) for _ in range(chance.choice(_MISSPELLINGS))]
    return _once_each(names)


def _forenames(chance: random.Random, heritage: Heritage, sex: str, born: int) -> str:
    point = chance.random()
    wanted = 1 + sum(point >= bound for bound in _MIDDLE)
    return " ".join(dict.fromkeys(heritage.forename(chance, sex, born) for _ in range(wanted)))


def _known_as(chance: random.Random, main: InventedName) -> InventedName:
    """A familiar form of the first forename if there is one; else, or now and then, the middle name or initials."""
    first, *others = main.forenames.split()
    familiar = nicknames().get(first, ())
    if familiar and chance.random() < _OWN_NICKNAME:
        return InventedName("known_as", chance.choice(familiar), main.surname)
    return InventedName("known_as", others[0] if others else first[0] + main.surname[0], main.surname)


def _alias(
    chance: random.Random, heritage: Heritage, sex: str, born: int, main: InventedName
) -> InventedName:
    """One's own forename with another surname, another forename with one's own, or both new."""
    first = main.forenames.split()[0]
    match chance.randrange(4):
        case 0 | 1:
            return InventedName("alias", first, heritage.surname(chance, sex))
        case 2:
            return InventedName("alias", heritage.forename(chance, sex, born), main.surname)
        case _:
            other = pick_heritage(chance)
            return InventedName("alias", other.forename(chance, sex, born), other.surname(chance, sex))


def _misspelt(chance: random.Random, main: InventedName) -> InventedName:
    """The surname three times in four, else the forename."""
    first = main.forenames.split()[0]
    if chance.randrange(4):
        return InventedName("misspelling", first, misspell(chance, main.surname))
    return InventedName("misspelling", misspell(chance, first), main.surname)


def _once_each(names: list[InventedName]) -> tuple[InventedName, ...]:
    found: dict[tuple[str, str], InventedName] = {}
    for name in names:
        found.setdefault((name.forenames, name.surname), name)
    return tuple(found.values())
