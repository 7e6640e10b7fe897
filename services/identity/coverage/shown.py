"""A slot in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from services.identity.coverage.rules import is_manager
from services.identity.coverage.slots import Slot

STATES: Mapping[str, str] = MappingProxyType(
    {
        "uncovered": "Uncovered",
        "too_many": "More than one",
        "ending": "Soon uncovered",
        "covered": "Covered",
    }
)
COLOURS: Mapping[str, str] = MappingProxyType(
    {"Uncovered": "red", "More than one": "red", "Soon uncovered": "orange", "Covered": "green"}
)
LEAD = "visor_lead"
RECOMMENDED = 3


def row(slot: Slot, levels: Mapping[Any, int]) -> dict[str, Any]:
    successor = slot.successor or (None, None)
    return {
        "unit": slot.unit.code,
        "unit_name": slot.unit.name,
        "unit_url": f"/identity/coverage/{slot.unit.code}",
        "post": slot.post.title,
        "number": slot.number,
        "holders": [{"id": one.hold.person_id, "name": one.name} for one in slot.holders],
        "state": STATES[slot.state],
        "gap": slot.gap,
        "successor": successor[1],
        "successor_id": successor[0],
        "warnings": warnings(slot, levels),
        "clauses": list(slot.post.clauses),
    }


def warnings(slot: Slot, levels: Mapping[Any, int]) -> Sequence[str]:
    """What is allowed but should be known (PF-5.5, PF-5.5/t.1, PI-3.8.5)."""
    said = []
    if slot.state in {"uncovered", "ending"} and slot.post.named and slot.successor is None:
        said.append("No successor is named")
    if slot.post.name == LEAD:
        said += [
            f"{one.name}: the job title is not a manager’s"
            for one in slot.holders
            if not is_manager(one.job_title)
        ]
        said += [
            f"{one.name}: NPPV3 is recommended for a ViSOR lead"
            for one in slot.holders
            if levels.get(one.hold.person_id, 0) < RECOMMENDED
        ]
    return said
