"""Which assessment counts, and what a termination OASys is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import pytest

from services.records.risk.rules import Documents, level_code, newest, termination_problem
from shared.ids import new_id

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@dataclass
class Made:
    state: str
    assessed_on: date
    id: UUID = field(default_factory=new_id)


@pytest.mark.clause("PF-7/QA checks.1")
def test_the_latest_signed_one_counts_whenever_it_was_signed() -> None:
    old, new, waiting = Made("signed_off", MAY), Made("signed_off", JUNE), Made("awaiting", JUNE)
    assert newest([new, old, waiting], "signed_off") is new
    assert newest([new, old, waiting], "awaiting") is waiting
    assert newest([waiting], "signed_off") is None
    same_day = Made("signed_off", JUNE, UUID(int=new.id.int + 1))
    assert newest([same_day, new], "signed_off") is same_day  # added later: its id is larger


@pytest.mark.clause("PF-4.28.1", "PF-4.28.2", "PF-4.28.4")
@pytest.mark.parametrize(
    ("termination_on", "plan_on", "missing"),
    [
        (None, None, ("R10", "R11")),
        (JUNE, None, ("R11",)),
        (None, JUNE, ("R10",)),
        (JUNE, MAY, ("R11",)),  # a plan from before does not go with it
        (JUNE, JUNE, ()),
        (MAY, JUNE, ()),
    ],
)
def test_both_parts_of_the_termination_oasys(
    termination_on: date | None, plan_on: date | None, missing: tuple[str, ...]
) -> None:
    said = termination_problem(Documents(termination_on, plan_on)) or ""
    assert [part for part in ("R10", "R11") if part in said] == list(missing)


def test_levels_by_their_codes() -> None:
    assert [level_code(one) for one in ("low", "very high")] == ["low", "very_high"]
