"""What can be printed, and how a whole export is hashed. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

# Part → how it is called; in the order in which they stand on the paper.
PARTS = {
    "summary": "Summary",
    "activity_log": "Activity log",
    "attachments": "Attachments",
    "meetings": "MAPP meetings and their minutes",
    "custody": "Custody",
}
FORMS = {"pdf": "A PDF to read or print", "json": "JSON for another system"}
FORMAT, VERSION = "visor-record", 1
MARKING = "OFFICIAL – SENSITIVE"
LONGEST_REASON = 1000
# What becomes of intelligence: it goes nowhere without a decision (SC-17.8.2, R28).
LEAVE_OUT, RELEASED = "leave_out", "released"
INTELLIGENCE = {
    LEAVE_OUT: "Leave it out",
    RELEASED: "Include it: I have decided about each entry that it may be released",
}


def wrong_choice(
    parts: Sequence[str], folders: Sequence[str], since: date | None, through: date | None
) -> dict[str, list[str]]:
    """Field → messages: a choice that would say nothing, or that contradicts itself."""
    wrong: dict[str, list[str]] = {}
    if not parts:
        wrong["parts"] = ["Select at least one part"]
    if folders and "attachments" not in parts:
        wrong["folders"] = ["Select Attachments as a part to choose its folders"]
    if since and through and through < since:
        wrong["through"] = ["The last day cannot be before the first"]
    if (since or through) and "activity_log" not in parts:
        wrong["since"] = ["Select Activity log as a part to choose its days"]
    return wrong


def needs_decision(intelligence: str, decision: str, entries: int) -> bool:
    """Whether R28 stands in the way: intelligence is to be released, and nobody says why it may be."""
    return intelligence == RELEASED and entries > 0 and not decision.strip()


def never_released(agency_kind: str) -> tuple[str, ...]:
    """Handling codes that users of this kind of agency export in no way (PF-5.21, PF-5.25)."""
    return ("C",) if agency_kind == "prison" else ()


def in_order(parts: Sequence[str]) -> list[str]:
    return [name for name in PARTS if name in parts]


def canonical(value: Any) -> bytes:
    """The one way to write a value as JSON: names sorted, no blanks, UTF-8 without escapes. What is hashed is this."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def export(about: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The whole document (docs/export-format.md), each part with its hash, and one over all of it."""
    hashed = [
        {**part, "sha256": digest({"content": part["content"], "left_out": part["left_out"]})}
        for part in parts
    ]
    whole = {"format": FORMAT, "version": VERSION, "marking": MARKING, **about, "parts": hashed}
    return {**whole, "sha256": digest(whole)}
