"""Short and familiar forms of forenames, typed; the table itself is nicknames.csv."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from shared.reference.tables import rows


@cache
def nicknames() -> Mapping[str, tuple[str, ...]]:
    """The familiar forms of each forename, as written (William: Bill, Billy …)."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows("shared.reference", "nicknames.csv"):
        found[row["forename"]].append(row["nickname"])
    return {forename: tuple(forms) for forename, forms in found.items()}


@cache
def forenames_alike() -> Mapping[str, frozenset[str]]:
    """For each form in lower case every other that the table joins to it in one step, either way, for a search."""
    alike: defaultdict[str, set[str]] = defaultdict(set)
    for forename, forms in nicknames().items():
        for form in forms:
            alike[forename.casefold()].add(form.casefold())
            alike[form.casefold()].add(forename.casefold())
    return {name: frozenset(others - {name}) for name, others in alike.items()}
