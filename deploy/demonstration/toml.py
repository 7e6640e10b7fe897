"""Reads the TOML tables of this folder into what frozen dataclasses take."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def toml(name: str) -> Mapping[str, Any]:
    return tomllib.loads(files("deploy.demonstration").joinpath(name).read_text(encoding="utf-8"))


def hashable(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its lists as tuples."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
