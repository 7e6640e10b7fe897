"""The posts whose holders use ViSOR, as data (PSI-2.6.1, PS-6)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# Kinds of agency whose sources name the posts; in the others any job title does.
_LISTED = frozenset({"prison", "probation"})


@dataclass(frozen=True)
class Position:
    """`to` is the last year of a role that is history; `now` the tokens that do its work today."""

    code: str
    label: str
    agency: str
    clause: str
    priority: str | None = None
    to: int | None = None
    now: tuple[str, ...] = ()


@cache
def positions() -> Mapping[str, Position]:
    text = files("services.identity.accounts").joinpath("positions.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)
    return {code: Position(code, **row | {"now": tuple(row.get("now", ()))}) for code, row in rows.items()}


def in_use() -> list[Position]:
    """Those offered today, prison's and probation's apart."""
    return [one for one in positions().values() if one.to is None]


def wrong_position(code: str | None, agency_kind: str) -> str | None:
    """What is wrong with somebody's post: prison and probation limit ViSOR to the posts listed."""
    if agency_kind not in _LISTED:
        return None
    if not code:
        return "Choose the post: ViSOR is for the posts listed."
    known = positions().get(code)
    if known is None or known.to is not None or known.agency != agency_kind:
        return f"This is no {agency_kind} post that uses ViSOR."
    return None


def options() -> list[tuple[str, str]]:
    words = [(one.code, f"{one.agency.capitalize()}: {one.label}") for one in in_use()]
    return [("", "None of these (police and other agencies)"), *words]
