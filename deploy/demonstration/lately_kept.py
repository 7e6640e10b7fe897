"""What CPCs lately did about whole records: two of one person merged, a review asked for (PF-4.16m, SC-17.12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deploy.demonstration import alike
from deploy.demonstration.act import Act
from deploy.demonstration.nominal import InventedNominal
from deploy.demonstration.users import Staff
from services.records.demonstration import nominal_id
from services.records.merging.rules import FACTS

_WHY = "The same name, date of birth and address; the officer in the case confirms that it is one person."


def merged(caseload: Sequence[InventedNominal], staff: Staff) -> Iterator[Act]:
    """Of the one who was entered twice the second record went into the first."""
    twice = next((one for one in caseload if one.index == alike.TWICE), None)
    first = next(filter(alike.can_be_twice, caseload), None)
    if twice is None or first is None or first.index == twice.index:
        return
    cpcs = staff.holders(first.owner_unit, "cpc")
    if not cpcs or twice.main_name != first.main_name:
        return
    given = {"nominal_id": nominal_id(first.index), "other_id": nominal_id(twice.index), "reason": _WHY}
    yield Act(0, cpcs[0], "merging.merge", given | dict.fromkeys(FACTS, "into"))
