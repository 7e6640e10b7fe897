"""The programme's aims and their days (PS-10, PS-17, D-40)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Milestone:
    """`day` is national; a region may have its own (C-22)."""

    label: str
    day: date
    clause: str


@cache
def milestones() -> Mapping[str, Milestone]:
    text = files("services.identity.staffing").joinpath("programme.toml").read_text(encoding="utf-8")
    return {code: Milestone(**row) for code, row in tomllib.loads(text).items()}
