"""The Framework's terms, for a page and for whoever wants to explain a word where it stands (PF-0.6.2)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Term:
    word: str
    meaning: str
    clause: str

    @property
    def anchor(self) -> str:
        """Its place on the page: /identity/help/glossary#to-do-list."""
        return re.sub(r"[^a-z0-9]+", "-", self.word.lower()).strip("-")


@cache
def terms() -> Sequence[Term]:
    """By the alphabet."""
    text = files("services.identity.help").joinpath("glossary.toml").read_text(encoding="utf-8")
    return sorted(
        (Term(word, **row) for word, row in tomllib.loads(text).items()), key=lambda one: one.word.lower()
    )
