"""What the page of national policy calls the subjects that it can be narrowed to."""

from __future__ import annotations

import re

from services.identity.policy.schemas import groups

# As words these are written large; whatever a key's first part makes of them is no word.
_SHORT = re.compile(r"\b(rotl|cpc|lpc|spo|mapps|syops|sro|oasys|noms)\b", re.IGNORECASE)
_RIGHT = {"ROTL", "CPC", "LPC", "SPO", "MAPPS", "SyOPs", "SRO", "OASys", "NOMS"}


def test_abbreviations_are_written_as_the_framework_writes_them() -> None:
    words = [found for text in groups().values() for found in _SHORT.findall(text)]
    assert words
    assert set(words) <= _RIGHT


def test_no_subject_is_a_key_with_its_underscores_taken_out() -> None:
    assert [text for text in groups().values() if re.search(r"[a-z][0-9]", text)] == []
