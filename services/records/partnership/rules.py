"""Who can be made partner, and what a request must say. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

MINIMUM_REASON = 10
# The roles of the staff groups that become partners in a prison (PSI-2.6.3), with those of probation and police.
STAFF_GROUPS = {
    "prison_administrator": "Administrator",
    "case_administrator": "Administrator",
    "mappa_administrator": "MAPPA administrator",
    "pom": "Offender management unit",
    "practitioner": "Practitioner",
    "spo": "Senior probation officer",
    "visor_lead": "ViSOR lead",
    "security": "Security department",
    "police_liaison": "Police liaison officer",
}


def still_to_partner(asked: Collection[UUID], partners: Collection[UUID]) -> frozenset[UUID]:
    """Of those asked for, the ones who are not partners already."""
    return frozenset(asked) - frozenset(partners)


def can_be_decided(state: str) -> bool:
    """A request is granted or refused once."""
    return state == "requested"


def wrong_part(asked: Collection[UUID], chosen: Collection[UUID], answer: str) -> dict[str, list[str]]:
    """Field → messages: some of those asked for, and the reason why not the others (PF-4.25)."""
    if not chosen:
        return {"people": ["Choose whom to grant it to, or refuse the request"]}
    if set(chosen) - set(asked):
        return {"people": ["Choose only users who are on the request"]}
    if set(chosen) != set(asked) and len(answer.strip()) < MINIMUM_REASON:
        return {"answer": [f"Say in {MINIMUM_REASON} characters or more why the others are not granted it"]}
    return {}


def due_on(asked_on: date, days: int) -> date:
    """PF-4.25.1: within so many calendar days of the request (C-05)."""
    return asked_on + timedelta(days=days)


def probation_is_offered(category: str, level: int | None, *, level_1_too: bool) -> bool:
    """PI-3.5.1 kept probation off category 1 level 1; PF-4.26 wants it on every police-owned record (C-06)."""
    return level_1_too or not (category == "1" and level == 1)
