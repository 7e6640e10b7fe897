"""How large each part of the caseload is, spread evenly so that even a small caseload has its share of everything."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any

from deploy.demonstration.toml import toml
from shared.reference.estate import mappa_areas
from shared.reference.mappa import categories

# Multiples of an irrational number, modulo one, fall evenly; one for each question, so that answers do not go together.
_STEP = {
    "kind": math.sqrt(2),
    "level": math.sqrt(3),
    "area": math.sqrt(5),
    "risk": math.sqrt(7),
    "custody": math.sqrt(11),
}


@dataclass(frozen=True, slots=True)
class Shares:
    names: tuple[str, ...]
    totals: tuple[float, ...]

    @classmethod
    def of(cls, weights: Mapping[str, float]) -> Shares:
        return cls(tuple(weights), tuple(accumulate(weights.values())))

    def at(self, point: float) -> str:
        """`point` from 0 up to, but not including, 1."""
        place = bisect_right(self.totals, point * self.totals[-1])
        return self.names[min(place, len(self.names) - 1)]


def even(index: int, question: str, start: float = 0.0) -> float:
    """A point from 0 to 1 for the `index`-th nominal; any stretch of indices is spread evenly."""
    return (start + index * _STEP[question]) % 1.0


@cache
def kinds() -> Shares:
    """Category or kind (PDP, SOC) of a nominal."""
    beside = dict(table()["beside_mappa"])
    rest = 1 - sum(beside.values())
    return Shares.of({code: share * rest for code, share in table()["categories"].items()} | beside)


@cache
def levels(category: str) -> Shares:
    """Category 3, and Scotland's other risk of serious harm, exist at level 2 and 3 only."""
    weights = dict(table()["levels"])
    return Shares.of(
        {level: share for level, share in weights.items() if level in categories()[category].levels}
    )


@cache
def areas() -> Shares:
    """Areas by their published category 1 count; those without one share the rest evenly."""
    published = dict(table()["areas"])
    national = published.pop("national")
    codes = [area.code for area in mappa_areas()]
    each = (national - sum(published.values())) / (len(codes) - len(published))
    return Shares.of({code: published.get(code, each) for code in codes})


@cache
def risks() -> Shares:
    return Shares.of(table()["risk"])


@cache
def table() -> Mapping[str, Any]:
    return toml("shares.toml")
