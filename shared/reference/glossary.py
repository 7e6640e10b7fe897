"""The Framework's terms, for the glossary and for whoever wants a word explained where it stands (PF-0.6.2)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.resources import files

ADDRESS = "/identity/help/glossary"
# Where a page's own words stand, rather than what somebody has written.
_LABELS = re.compile(r"<(h[123]|label|legend|th|dt|caption|summary)\b[^>]*>(.*?)</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Term:
    """`labels` are other words that pages use for it."""

    word: str
    meaning: str
    clause: str
    labels: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """Its place on the page: /identity/help/glossary#to-do-list."""
        return re.sub(r"[^a-z0-9]+", "-", self.word.lower()).strip("-")

    @property
    def href(self) -> str:
        return f"{ADDRESS}#{self.anchor}"

    def stands_in(self, label: str) -> bool:
        """A name of several words, or in capitals, anywhere in it; a common word only where it is the whole label."""
        return any(_stands(name, label) for name in (self.word.partition(" (")[0], *self.labels))


def _stands(name: str, label: str) -> bool:
    pattern = rf"\b{re.escape(name)}s?\b"
    if " " in name:
        return bool(re.search(pattern, label, re.IGNORECASE))
    if name[1:] != name[1:].lower():
        return bool(re.search(pattern, label))
    return bool(re.fullmatch(rf"{re.escape(name)}s?", label, re.IGNORECASE))


@cache
def terms() -> Sequence[Term]:
    """By the alphabet."""
    text = files("shared.reference").joinpath("glossary.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text).items()
    found = [Term(word, row["meaning"], row["clause"], tuple(row.get("labels", ()))) for word, row in rows]
    return sorted(found, key=lambda one: one.word.lower())


@cache
def term(word: str) -> Term:
    """Raises KeyError for a word that the Framework does not explain."""
    found = {one.word.lower(): one for one in terms()}
    return found[word.lower()]


def terms_on(html: str) -> list[Term]:
    """Those that stand in the headings and labels of this page."""
    labels = set(_labels(html))
    return [one for one in terms() if any(one.stands_in(label) for label in labels)]


def _labels(html: str) -> Iterator[str]:
    for found in _LABELS.finditer(html):
        yield " ".join(unescape(_TAG.sub(" ", found[2])).split())
