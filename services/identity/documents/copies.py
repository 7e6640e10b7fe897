"""A signed copy on paper: what its template gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.web.display import day, when


def facts_of(kept: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Who signed which text, when and how, as the page of the copy says it."""
    by = kept["added_by"]
    return [
        ("Signed by", kept["person"].name),
        ("Name", kept["typed_name"]),
        ("Signed", when(kept["signed_at"])),
        ("How", f"On paper, uploaded by {by.name}" if by else "By typing the name"),
        ("Statement", kept["statement"]),
        ("Version", f"{kept['version']}, published on {day(kept['published_on'])}"),
        ("Hash of the text (SHA-256)", kept["text_hash"]),
    ]


def parts_of(text: str) -> list[dict[str, Any]]:
    """A document's text is its title, then headings and paragraphs in turn; a short one is one paragraph."""
    first, *rest = text.split("\n\n")
    if not rest:
        return [{"heading": None, "lines": first.split("\n")}]
    paragraphs = [*rest[1::2], ""] if len(rest) % 2 else rest[1::2]
    pairs = zip(rest[::2], paragraphs, strict=True)
    return [{"heading": heading, "lines": lines.split("\n") if lines else []} for heading, lines in pairs]
