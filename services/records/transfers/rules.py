"""Which step of a transfer may follow which, where a record may go, and in which category. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.records.access.rules import reach
from shared.access.principal import Principal
from shared.reference import mappa
from shared.reference.mappa import UnknownCategory

STATES: Final[Mapping[str, str]] = {
    "requested": "Requested",
    "seen": "Seen",
    "questioned": "Question asked",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
    "completed": "Completed",
}
OPEN: Final = ("requested", "seen", "questioned")
# What may come after each state (PF-4.16k.2: agrees, refuses with reason, or asks); what is over stays over.
_NEXT: Final[Mapping[str, frozenset[str]]] = {
    "requested": frozenset({"seen", "questioned", "refused", "withdrawn", "completed"}),
    "seen": frozenset({"questioned", "refused", "withdrawn", "completed"}),
    "questioned": frozenset({"seen", "questioned", "refused", "withdrawn", "completed"}),
}
# Groups that name the same people north and south of the border (SC-17.3.2, C-19). Where nothing stands here both sides
# choose; what is not MAPPA keeps its name everywhere.
_ACROSS: Final[Mapping[str, Mapping[str, str]]] = {
    "SCOTLAND": {"1": "RSO", "3": "ORSH"},
    "EW": {"RSO": "1", "ORSH": "3"},
}
PRISON: Final = "prison"


def may_follow(state: str, next_state: str) -> bool:
    return next_state in _NEXT.get(state, frozenset())


def answers_for(principal: Principal) -> frozenset[str]:
    """The owners for which the principal may answer, and ask, transfers (table 4.2): prisons for none (R30)."""
    if principal.agency_kind == PRISON:
        return frozenset()
    units = reach(principal)
    return units.cpc | units.central_support | units.deputy


def may_answer(principal: Principal, to_owner: str) -> str | None:
    """None, or the refusal's code: R30 for a prison, R11 for whoever is not of the receiving side."""
    if principal.agency_kind == PRISON:
        return "R30"
    return None if to_owner in answers_for(principal) else "R11"


def used_in(category: str, jurisdiction: str) -> bool:
    """Whether a record may be in this category there (C-19: each jurisdiction has its own groups)."""
    return any(one.code == category for one in mappa.categories_of(jurisdiction))


def crosses_border(before: str, after: str) -> bool:
    """Whether the categories of the two jurisdictions differ: then both sides confirm the new one (SC-17.3.2)."""
    return _codes(before) != _codes(after)


def _codes(jurisdiction: str) -> frozenset[str]:
    return frozenset(one.code for one in mappa.categories_of(jurisdiction))


def wrong_confirmation(named: str, confirmed: str | None, *, crosses: bool) -> str | None:
    """What is wrong with the category that the receiving side confirms; None where it is the one that was named."""
    if confirmed is None:
        return "Confirm the category in which the record will be here" if crosses else None
    return None if confirmed == named else "The request names another category: ask about it, or refuse"


def proposed_category(category: str, jurisdiction: str) -> str | None:
    """The category to propose where the record goes; None where the people who know must choose."""
    if used_in(category, jurisdiction):
        return category
    sets = {one.used_in for one in mappa.categories_of(jurisdiction)}
    return next((_ACROSS[name][category] for name in sets if category in _ACROSS.get(name, {})), None)


def wrong_owner(category: str, agency_kind: str, *, supervised: bool) -> str | None:
    """Who owns records of this category, where not agencies of this kind (R17); None where they do."""
    try:
        owner = mappa.ownership(category, supervised=supervised)
    except UnknownCategory:
        return None
    return None if agency_kind in owner.kinds else owner.label


def needs_termination(category: str, to_kind: str, from_kind: str) -> bool:
    """Category 1 that goes from probation to the police takes its termination OASys along (PF-4.28.1, PF-4.28.3)."""
    return category == "1" and to_kind == "police" and from_kind == "probation"
