"""The sets, read and checked against the tokens and roles that exist (sets.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from services.identity.appointments.table import roles
from services.identity.tokens.table import tokens


@dataclass(frozen=True)
class TokenSet:
    """One section of sets.toml; the file's head says what each value means."""

    code: str
    label: str
    agencies: tuple[str, ...]
    tokens: tuple[str, ...]
    roles: tuple[str, ...]
    clause: tuple[str, ...]


@cache
def token_sets() -> Mapping[str, TokenSet]:
    """Raises ValueError for a token or role that there is not, or that its agency never holds."""
    text = (files("services.identity.token_sets") / "sets.toml").read_text(encoding="utf-8")
    found = {}
    for code, row in tomllib.loads(text).items():
        lists = {key: tuple(row[key]) for key in ("agencies", "tokens", "roles", "clause")}
        found[code] = _checked(TokenSet(code=code, label=row["label"], **lists))
    return found


def sets_for(agency_kind: str) -> list[TokenSet]:
    return [one for one in token_sets().values() if agency_kind in one.agencies]


def _checked(one: TokenSet) -> TokenSet:
    if strange := ({*one.tokens} - tokens().keys()) | ({*one.roles} - roles().keys()):
        raise ValueError(f"{one.code}: there is no {', '.join(sorted(strange))}")
    if never := [name for name in one.tokens if tokens()[name].never & {*one.agencies}]:
        raise ValueError(f"{one.code}: {', '.join(never)} is never held there")
    return one
