"""The steps of the prisons' process model as data (PSI-5.3.1)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Step:
    """In process.toml it says what each field means."""

    name: str
    what: str
    kinds: tuple[str, ...]
    href: str = ""


@cache
def steps() -> Sequence[Step]:
    """In the order of the process."""
    text = files("services.notifications.todo").joinpath("process.toml").read_text(encoding="utf-8")
    return [
        Step(name, row["what"], tuple(row["kinds"]), row.get("href", ""))
        for name, row in tomllib.loads(text).items()
    ]


def step_of(kind: str) -> str | None:
    """None for what is no step of the process: vetting, training, the house's own business."""
    return next((step.name for step in steps() if kind in step.kinds), None)
