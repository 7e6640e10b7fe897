"""Which change of a release date is told, to whom, and who switches it on for a prison (PSI-6.1, PSI-6.2). Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from shared.access.principal import Principal
from shared.time.calendars import add_months

# What happened to the date, in the words of the notice.
ENTERED, CHANGED, REMOVED = WHATS = ("entered", "changed", "removed")
# A state of the entry, and a version of it, that says nothing of the person any more.
GONE = frozenset({"removed", "superseded"})
# Whoever decides for one prison: its lead and its Governor; for every prison of the group, its CPC (table 4.2).
ROLES = ("visor_lead", "governor")
MOST_MONTHS_AHEAD = 24
Stand = tuple[UUID, str]


def what_happened(before: date | None, now: date | None) -> str | None:
    """None where the date is what it was."""
    if before == now:
        return None
    if before is None:
        return ENTERED
    return REMOVED if now is None else CHANGED


def addressed(
    picture: Mapping[str, Iterable[Stand]], kind_of: Callable[[str], str], com_id: UUID | None
) -> list[tuple[UUID, str]]:
    """(person, capacity): the record's manager, its police partners and, where no manager is of probation, its COM.

    `picture` holds who stands to the record, by agency: whom Limited Access or a conflict keeps off is not in it.
    """
    stands = [(kind_of(agency), *one) for agency, ones in picture.items() for one in ones]
    told = {person: "manager" for _kind, person, standing in stands if standing == "manager"}
    probation = any(kind == "probation" and standing == "manager" for kind, _person, standing in stands)
    for kind, person, standing in stands:
        if standing == "partner" and kind == "police":
            told.setdefault(person, "partner")
        if standing == "partner" and kind == "probation" and person == com_id and not probation:
            told.setdefault(person, "offender_manager")
    return list(told.items())


def may_switch(principal: Principal, line: Collection[str]) -> bool:
    """`line`: the prison and the units above it. Its CPC is the group's, in person or by deputy."""
    mine = principal.units_with_role(*ROLES) | principal.deputy_for
    if principal.agency_kind == "prison":
        mine |= principal.units_with("cpc")
    return bool(mine & set(line))


def wrong_switch(*, on: bool, from_day: date, today: date, stands: bool) -> dict[str, list[str]]:
    """Field → messages. `stands`: whether it would be on, on that day, as things are."""
    if from_day < today:
        return {"from_day": ["The date cannot be in the past: what was told, or was not, stays as it is"]}
    if from_day > add_months(today, MOST_MONTHS_AHEAD):
        return {"from_day": [f"The date must be within {MOST_MONTHS_AHEAD} months"]}
    if on == stands:
        return {"on": [f"This is how it stands on that day already: {'on' if on else 'off'}"]}
    return {}
