"""How a CPC's message on a document goes down: to whom first, and who passes it on (PF-5.11.4)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Who gets it first and passes it on, by the kind of their unit; in another kind of unit its users get it at once.
PASSES_ON: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"prison": ("governor", "visor_lead"), "delivery_unit": ("lpc",), "force": ("lpc",)}
)
USER = "user"


def leads_of(unit_kind: str, held: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Of the people of a unit, with what they hold there: who passes it on, each in their first capacity."""
    found: dict[str, str] = {}
    for role in PASSES_ON.get(unit_kind, ()):
        for person, roles in held.items():
            if role in roles:
                found.setdefault(person, role)
    return found


def may_pass_on(*, received_as: str | None, is_cpc: bool, passed_on: bool) -> bool:
    """Once, by one of those who got it to pass it on; by the CPC where nobody does."""
    return not passed_on and (is_cpc or received_as not in (None, USER))
