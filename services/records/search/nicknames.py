"""Which forenames stand for each other: Robert is Bob to everybody who knows him."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def meant_by(forename: str) -> frozenset[str]:
    """The forename, in its normal form, and every other one that stands in a group with it."""
    return _groups().get(forename, frozenset()) | {forename}


@cache
def _groups() -> Mapping[str, frozenset[str]]:
    text = (files("services.records.search") / "nicknames.csv").read_text(encoding="utf-8")
    found: dict[str, frozenset[str]] = {}
    for line in text.splitlines():
        names = frozenset(line.split(",")) if not line.startswith("#") else frozenset()
        for name in names:
            found[name] = found.get(name, frozenset()) | names
    return found
