"""The kinds of network entitlement as data (gateways.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Gateway:
    """`to` is the last year in which it was given; None for those of today."""

    code: str
    name: str
    clause: str
    contact: str
    to: int | None = None


@cache
def gateways() -> Mapping[str, Gateway]:
    text = (files("services.identity.entitlements") / "gateways.toml").read_text(encoding="utf-8")
    return MappingProxyType({code: Gateway(code, **row) for code, row in tomllib.loads(text).items()})


def wrong_days(kind: str, valid_from: date, valid_to: date | None, today: date) -> dict[str, list[str]]:
    """Field by field what is wrong; nothing where the days are right."""
    wrong: dict[str, list[str]] = {}
    last = gateways()[kind].to
    if valid_from > today:
        wrong["valid_from"] = ["The first day must not be in the future."]
    if valid_to is not None and valid_to < valid_from:
        wrong["valid_to"] = ["The last day must not be before the first."]
    if last is not None and valid_to is None:
        wrong["valid_to"] = ["This gateway is history: say its last day."]
    elif last is not None and valid_to is not None and valid_to.year > last:
        wrong["valid_to"] = [f"This gateway was given until {last} at the latest."]
    return wrong
