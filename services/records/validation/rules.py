"""Where the checks of a new record stand. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Check:
    """`standard`: the clause of the ViSOR Standards, empty where none is known (PI-3.7, PSI-5.3.3)."""

    asks: str
    clause: tuple[str, ...]
    standard: str = ""


def _read() -> Mapping[str, Check]:
    text = files(__package__).joinpath("creation.toml").read_text(encoding="utf-8")
    return {
        name: Check(row["asks"], tuple(row["clause"]), row.get("standard", ""))
        for name, row in tomllib.loads(text).items()
    }


_KNOWN = _read()


def checks() -> Mapping[str, Check]:
    """By the name of the field."""
    return _KNOWN


def citing(errors: Mapping[str, list[str]], known: Mapping[str, Check]) -> dict[str, list[str]]:
    """The messages with the clause of the Standards at their end, where one is known."""
    standards = {name: known[name].standard for name in errors if name in known and known[name].standard}
    return {
        name: [f"{text} (ViSOR Standards, {standards[name]})" for text in texts]
        if name in standards
        else list(texts)
        for name, texts in errors.items()
    }
