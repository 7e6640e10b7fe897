"""The token table: who may hold which token, and who grants it (table.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

GrantedBy = Literal["cpc", "appointer", "national"]
SetBy = Literal["granter", "admin"]


@dataclass(frozen=True)
class Token:
    """One section of table.toml; the file's head says what each value means."""

    name: str
    label: str
    lets: str
    level: int
    granted_by: GrantedBy
    set_by: SetBy
    clause: tuple[str, ...]
    unit_kinds: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    one: bool = False
    on_request: bool = False
    live: bool = False
    policy: str | None = None
    appointers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    with_note: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    course: Mapping[str, str] = field(default_factory=dict)

    def fits(self, unit_kind: str) -> bool:
        """Whether it can be held for a unit of this kind."""
        return not self.unit_kinds or unit_kind in self.unit_kinds


@cache
def tokens() -> Mapping[str, Token]:
    """Every token by name; raises TypeError for a value that the head of the file does not know."""
    text = (files("services.identity.tokens") / "table.toml").read_text(encoding="utf-8")
    return {name: _token(name, row) for name, row in tomllib.loads(text).items()}


def label(name: str) -> str:
    known = tokens().get(name)
    return known.label if known else name.replace("_", " ").capitalize()


def live_tokens() -> frozenset[str]:
    """Those that open records."""
    return frozenset(name for name, token in tokens().items() if token.live)


def _token(name: str, row: Mapping[str, Any]) -> Token:
    sets = {key: frozenset(row[key]) for key in ("unit_kinds", "never") if key in row}
    roles = {
        key: {kind: tuple(them) for kind, them in row[key].items()}
        for key in ("appointers", "with_note")
        if key in row
    }
    return Token(**{**row, **sets, **roles, "name": name, "clause": tuple(row["clause"])})
