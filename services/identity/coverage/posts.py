"""The posts that must be held, read from posts.toml and checked when identity starts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from shared.policy import Policy
from shared.work import Work

SETS = "coverage.sets"
KINDS = frozenset({"token", "role"})


@dataclass(frozen=True)
class Post:
    """`most` None: as many as there are. See posts.toml for the rest."""

    code: str
    title: str
    kind: str
    name: str
    unit_kind: str
    least: int
    level: int
    named: bool
    tells: tuple[str, ...]
    set: str
    clauses: tuple[str, ...]
    below: bool = False
    most: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.least < 1 or not self.clauses:
            raise ValueError(f"{self.code}: not a post")


@cache
def posts() -> tuple[Post, ...]:
    """Raises ValueError or TypeError for a row that is none."""
    text = (files("services.identity.coverage") / "posts.toml").read_text(encoding="utf-8")
    return tuple(_read(code, row) for code, row in tomllib.loads(text).items())


def _read(code: str, row: dict[str, Any]) -> Post:
    return Post(code, **{**row, "tells": tuple(row["tells"]), "clauses": tuple(row["clauses"])})


def posts_in_force(work: Work) -> tuple[Post, ...]:
    return of_sets(frozenset(sets_on(work.policy, work)))


def sets_on(policy: Policy, work: Work) -> list[str]:
    return policy.texts(SETS, work.today)


def of_sets(sets: frozenset[str]) -> tuple[Post, ...]:
    return tuple(post for post in posts() if post.set in sets)
