"""British names for invented people: forenames by year of birth, surnames in part put together from parts.

How often a name occurs is assumed, not counted: a few hundred surnames carry two fifths of the people, a long
tail the rest, as in any national register.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from typing import Any

from deploy.demonstration.chance import chance_of
from deploy.demonstration.toml import toml

_ERAS = (1985, 1965, 1940)
_HEAD_SHARE, _DOUBLE_SHARE = 0.5, 0.015


@dataclass(frozen=True)
class Weighted:
    """Names with how often each occurs, as running totals that `random.choices` can search."""

    names: tuple[str, ...]
    totals: tuple[float, ...]

    @classmethod
    def falling(cls, names: list[str], offset: float, power: float) -> Weighted:
        """The n-th name weighs 1 / (n + offset) ** power."""
        unique = tuple(dict.fromkeys(names))
        weights = (1 / (rank + offset) ** power for rank, _ in enumerate(unique))
        return cls(unique, tuple(accumulate(weights)))

    def pick(self, chance: random.Random) -> str:
        return chance.choices(self.names, cum_weights=self.totals)[0]


@dataclass(frozen=True, eq=False)
class Heritage:
    """Where a name comes from: its forenames go with its surnames."""

    key: str
    table: dict[str, Any]

    @property
    def share(self) -> int:
        """Per thousand of the people."""
        return int(self.table["share"])

    @cached_property
    def head(self) -> Weighted:
        return Weighted.falling(self.table["surnames"].split(), offset=8, power=0.85)

    @cached_property
    def tail(self) -> Weighted:
        """Rare surnames, in an order of their own that never changes."""
        firsts, lasts = self.table["first_parts"].split(), self.table["last_parts"].split()
        made = {_join(first, last) for first in firsts for last in lasts}
        made |= {mac + part for part in self.table.get("mac_parts", "").split() for mac in ("Mc", "Mac")}
        made |= {f"O'{part}" for part in self.table.get("o_parts", "").split()}
        ordered = sorted(made - set(self.head.names))
        chance_of(self.key).shuffle(ordered)
        return Weighted.falling(ordered, offset=150, power=1.12)

    @cache  # noqa: B019 - five heritages, kept for the life of the process
    def forenames(self, sex: str, era: int) -> Weighted:
        return Weighted.falling(self.table[sex][str(era)].split(), offset=5, power=0.8)

    def forename(self, chance: random.Random, sex: str, born: int) -> str:
        """`sex` is male or female; `born` a year."""
        era = next((first for first in _ERAS if born >= first), _ERAS[-1])
        return self.forenames(sex, era).pick(chance)

    def surname(self, chance: random.Random, sex: str) -> str:
        kind = chance.random()
        if kind < _HEAD_SHARE:
            return _for_sex(self.head.pick(chance), sex)
        if self.key == "british" and kind < _HEAD_SHARE + _DOUBLE_SHARE:
            return f"{self.head.pick(chance)}-{self.head.pick(chance)}"
        return _for_sex(self.tail.pick(chance), sex)


@cache
def heritages() -> tuple[Heritage, ...]:
    return tuple(Heritage(key, table) for key, table in toml("names.toml").items())


def pick_heritage(chance: random.Random) -> Heritage:
    return chance.choices(heritages(), cum_weights=_heritage_totals())[0]


@cache
def _heritage_totals() -> tuple[int, ...]:
    return tuple(accumulate(heritage.share for heritage in heritages()))


def _join(first: str, last: str) -> str:
    """Ash + sham is Asham: a letter that would stand three times, or an s twice, is written once."""
    if first[-1] == last[0] and (last[0] in "saeiouy" or first[-2:] == last[0] * 2):
        return first + last[1:]
    return first + last


def _for_sex(surname: str, sex: str) -> str:
    """Polish and Czech surnames have a form for women."""
    if sex == "female" and surname.endswith(("ski", "cki")):
        return surname[:-1] + "a"
    return surname
