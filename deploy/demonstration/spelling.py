"""How names are misheard, mistyped and written down wrongly."""

from __future__ import annotations

import random
import re

# What sounds alike is written alike: each pattern with what is put in its place.
_HEARD = (
    (r"ph", "f"),
    (r"ck\b", "k"),
    (r"ck", "k"),
    (r"(?<=\w)y\b", "ie"),
    (r"ie\b", "y"),
    (r"ey\b", "y"),
    (r"ley\b", "ly"),
    (r"ea", "ee"),
    (r"ee", "ea"),
    (r"ei", "ie"),
    (r"ie", "ei"),
    (r"sch", "sh"),
    (r"tch", "ch"),
    (r"gh", "g"),
    (r"wh", "w"),
    (r"kn", "n"),
    (r"wr", "r"),
    (r"ks", "x"),
    (r"x", "ks"),
    (r"son\b", "sen"),
    (r"sen\b", "son"),
    (r"ough", "uff"),
    (r"aw", "or"),
    (r"worth\b", "with"),
    (r"ham\b", "am"),
    (r"ton\b", "tun"),
    (r"mc", "mac"),
    (r"mac", "mc"),
    (r"z", "s"),
    (r"c(?=[aou])", "k"),
    (r"k(?=[aou])", "c"),
    (r"oo", "ou"),
    (r"ai", "ay"),
    (r"th", "t"),
    (r"v", "w"),
    (r"(?<=\w)e\b", ""),
    (r"(?<=[a-z])h(?=[a-z])", ""),
    (r"([lnrtspm])\1", r"\1"),
    (r"(?<=[aeiou])([lnrtspm])(?=[aeiou])", r"\1\1"),
    (r"(?<=\w)a(?=\w)", "e"),
    (r"(?<=\w)e(?=\w)", "i"),
    (r"(?<=\w)o(?=\w)", "u"),
)
_RULES = tuple((re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in _HEARD)
_BESIDE = dict(zip("abcdefghijklmnopqrstuvwxyz", "svxsrghjokllnmpowtdyibecux", strict=True))
_HEARD_SHARE = 0.7
_SHORT = 3


def misspell(chance: random.Random, name: str) -> str:
    """A likely wrong spelling of `name`, never `name` itself; the shortest have their last letter doubled."""
    if len(name) < _SHORT:
        return name + name[-1].lower()
    if chance.random() < _HEARD_SHARE and (heard := _misheard(chance, name)) not in (name, ""):
        return heard
    return _mistyped(chance, name)


def _misheard(chance: random.Random, name: str) -> str:
    start = chance.randrange(len(_RULES))
    for offset in range(len(_RULES)):
        pattern, instead = _RULES[(start + offset) % len(_RULES)]
        changed = pattern.sub(instead, name, count=1)
        if changed != name:
            return changed[0].upper() + changed[1:]
    return name


def _mistyped(chance: random.Random, name: str) -> str:
    """One letter left out, doubled, swapped with its neighbour, or struck beside; never the first."""
    place = chance.randrange(1, len(name))
    letter = name[place]
    changes = [
        name[:place] + name[place + 1 :],
        name[:place] + letter.lower() + name[place:],
        name[: place - 1] + _swapped(name[place - 1], letter) + name[place + 1 :],
        name[:place] + _BESIDE.get(letter.lower(), "e") + name[place + 1 :],
    ]
    changed = chance.choice(changes)
    return changes[1] if changed == name else changed


def _swapped(left: str, right: str) -> str:
    return right.upper() + left.lower() if left.isupper() else right + left
