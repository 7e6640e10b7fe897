"""The access table: which standings may do what, in which state of the record (actions.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

# Tokens that let their holder look at records at all (PF-7/Partner token.1); `admin` gives no nominal data.
LIVE_TOKENS = frozenset({"partner", "create", "manager", "supervisor", "lpc", "central_support", "cpc"})
STANDINGS = ("manager", "supervisor", "partner", "lpc", "cpc", "deputy", "central_support")


@dataclass(frozen=True)
class Action:
    """One section of actions.toml; the file's head says what each value means."""

    name: str
    does: str
    live: frozenset[str]
    archived: frozenset[str]
    clause: tuple[str, ...]
    tokens: frozenset[str] = LIVE_TOKENS
    reason: bool = False
    prison: str | None = None
    unrelated: str = "R14"
    token: str = "partner"  # noqa: S105 - a token is an access right here
    not_own: str | None = None
    beside: bool = False

    def allowed_in(self, status: str) -> frozenset[str]:
        return self.archived if status == "archived" else self.live


@cache
def actions() -> Mapping[str, Action]:
    """Every action by name; raises ValueError where the file names a standing that does not exist."""
    text = (files("services.records.access") / "actions.toml").read_text(encoding="utf-8")
    return {name: _action(name, row) for name, row in tomllib.loads(text).items()}


def _action(name: str, row: dict[str, Any]) -> Action:
    sets: dict[str, frozenset[str]] = {
        key: frozenset(row[key]) for key in ("live", "archived", "tokens") if key in row
    }
    if strange := (sets["live"] | sets["archived"]) - {*STANDINGS, "none"}:
        raise ValueError(f"{name}: no such standing as {', '.join(sorted(strange))}")
    return Action(**{**row, **sets, "name": name, "clause": tuple(row["clause"])})
