"""The checklist of a terminal's risk assessment, as data (checklist.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """`syops` is the paragraph of SyOPs; `since` and `to` the first and last day on which it is asked."""

    code: str
    text: str
    clause: str
    syops: str
    since: date | None = None
    to: date | None = None

    def asked_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.to is None or day <= self.to)


@dataclass(frozen=True, slots=True)
class Standard:
    code: str
    name: str
    clause: str
    required: bool = False


@cache
def _table() -> dict[str, Any]:
    text = (files("services.identity.terminals") / "checklist.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def every_item() -> tuple[Item, ...]:
    return tuple(
        Item(row["code"], row["text"], row["clause"], row["syops"], row.get("from"), row.get("to"))
        for row in _table()["item"]
    )


@cache
def standards() -> tuple[Standard, ...]:
    return tuple(Standard(**row) for row in _table()["standard"])


def items(day: date) -> tuple[Item, ...]:
    """What is asked on that day."""
    return tuple(item for item in every_item() if item.asked_on(day))


def answers(met: Iterable[str], day: date) -> dict[str, bool]:
    """The answer to each item asked: whatever is not said to be met is not."""
    said = set(met)
    return {item.code: item.code in said for item in items(day)}


def not_met(given: dict[str, bool]) -> list[str]:
    """The words of the items answered with no, in the order of the list."""
    return [item.text for item in every_item() if given.get(item.code) is False]


def standard_names(codes: Iterable[str]) -> list[str]:
    names = {one.code: one.name for one in standards()}
    return [names.get(code, code) for code in codes]
