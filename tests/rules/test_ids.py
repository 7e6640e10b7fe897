"""Ids made one by one and by the thousand are of one kind."""

from __future__ import annotations

import time
from uuid import UUID

from shared.ids import many_new_ids, new_id


def test_many_ids_are_as_one_id() -> None:
    before = time.time_ns() // 1_000_000
    ids = [UUID(text) for text in many_new_ids(3_000)] + [new_id()]
    after = time.time_ns() // 1_000_000
    assert len(set(ids)) == 3_001
    assert {one.version for one in ids} == {7}
    assert {one.variant for one in ids} == {new_id().variant}
    assert all(before <= one.int >> 80 <= after for one in ids)


def test_no_ids_are_none() -> None:
    assert many_new_ids(0) == []
