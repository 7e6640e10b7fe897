"""The policy values as published with the suite: policy_values.toml, with its own checks."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from shared.policy.policy import Policy
from shared.policy.values import Entry, Subject


@cache
def published_policy() -> Policy:
    text = files("shared.policy").joinpath("policy_values.toml").read_text(encoding="utf-8")
    return read(tomllib.loads(text))


def published_entries() -> tuple[Entry, ...]:
    """Every entry of the file."""
    return tuple(entry for found in published_policy().entries.values() for entry in found)


def read(table: Mapping[str, Any]) -> Policy:
    """Raises `ValueError` where two values of a key stand on the same day, `KeyError` where a field is missing."""
    subjects = [
        Subject(key, row["subject"], row.get("conflict"), row.get("proposed", False), row.get("free", False))
        for key, row in table.items()
    ]
    policy = Policy.of(
        subjects,
        (
            Entry(key, value["value"], value["from"], value.get("to"), value["source"])
            for key, row in table.items()
            for value in row["values"]
        ),
    )
    for key, entries in policy.entries.items():
        _in_turn(key, entries)
    return policy


def _in_turn(key: str, entries: tuple[Entry, ...]) -> None:
    for entry in entries:
        if entry.in_force_to is not None and entry.in_force_to < entry.in_force_from:
            raise ValueError(f"{key}: a value ends before it begins.")
    for earlier, later in pairwise(entries):
        if earlier.in_force_to is None or earlier.in_force_to >= later.in_force_from:
            raise ValueError(f"{key}: two values stand on {later.in_force_from.isoformat()}.")
