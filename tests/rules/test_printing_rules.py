"""What can be chosen for a print, and how an export is hashed."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

import pytest

from services.records.printing.rules import canonical, digest, export, in_order, wrong_choice

MAY = date(2026, 5, 3)


@pytest.mark.parametrize(
    ("parts", "folders", "since", "through", "wrong"),
    [
        (["summary"], [], None, None, []),
        (["activity_log"], [], MAY, MAY, []),
        (["attachments"], ["telecoms"], None, None, []),
        ([], [], None, None, ["parts"]),
        (["summary"], ["telecoms"], None, None, ["folders"]),
        (["summary"], [], MAY, None, ["since"]),
        (["activity_log"], [], MAY, date(2026, 5, 2), ["through"]),
    ],
)
def test_what_would_say_nothing_is_refused(
    parts: list[str], folders: list[str], since: date | None, through: date | None, wrong: list[str]
) -> None:
    assert list(wrong_choice(parts, folders, since, through)) == wrong


def test_parts_stand_in_their_order_once() -> None:
    assert in_order(["custody", "summary", "custody"]) == ["summary", "custody"]


def test_one_way_to_write_a_value() -> None:
    assert canonical({"b": [1, None], "a": "Łukasz"}) == '{"a":"Łukasz","b":[1,null]}'.encode()


@pytest.mark.clause("PS-15")
def test_an_export_is_hashed_part_by_part_and_as_a_whole() -> None:
    part: dict[str, Any] = {"name": "summary", "title": "Summary", "content": {"name": "Daz"}, "left_out": []}
    whole = json.loads(canonical(export({"visor_number": "V10000001"}, [part])))
    said = whole.pop("sha256")
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert said == hashlib.sha256(text.encode()).hexdigest()
    assert whole["parts"][0]["sha256"] == digest({"content": {"name": "Daz"}, "left_out": []})
    whole["parts"][0]["content"]["name"] = "Gaz"
    assert digest(whole) != said
