"""One part of a record as it was gathered: what it says on paper, and as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

Block = Mapping[str, Any]


@dataclass(frozen=True)
class Content:
    """`blocks` are for the paper's template, `data` is plain JSON; `left_out` says in sentences what is not in it."""

    name: str
    title: str
    blocks: Sequence[Block] = ()
    data: Any = None
    left_out: Sequence[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def heading(text: str, level: int = 2) -> Block:
    return {"kind": "heading", "text": text, "level": level}


def facts(pairs: Iterable[tuple[str, object]]) -> Block:
    """Names beside values; what is empty is said to be so."""
    return {"kind": "facts", "pairs": [[name, str(value) if value else "None"] for name, value in pairs]}


def paragraphs(text: str) -> Block:
    return {"kind": "text", "lines": text.splitlines() or [""]}


def note(text: str) -> Block:
    """What the suite itself says between what people wrote."""
    return {"kind": "note", "text": text}
