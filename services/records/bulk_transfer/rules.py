"""Who may transfer in bulk, and what keeps a record from going along (PF-4.16f). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.records.access.rules import reach
from services.records.transfers.rules import PRISON, needs_termination, used_in, wrong_owner
from shared.access.principal import Principal

STATES: Final[Mapping[str, str]] = {
    "requested": "Requested",
    "running": "Agreed, being done",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
    "completed": "Completed",
}
UNDER_WAY: Final = ("requested", "running")
RESULTS: Final[Mapping[str, str]] = {"transferred": "Transferred", "left_out": "Left out"}
# Why a record stays, and what to do about it; the counts of `OPEN_DUTIES` stand in the same order as transfers' own.
WHY: Final[Mapping[str, tuple[str, str]]] = {
    "requests": ("Partnership requests are to be answered", "Answer them"),
    "minutes": ("Minutes are to be added", "Add them"),
    "needs": ("Attachments need updating", "Update or decline them"),
    "unsigned": ("Risk assessments are to be signed off", "Sign off or return them"),
    "transfer": ("A transfer of it is open already", "Wait for its end, or withdraw it"),
    "listed": (
        "It is on the list of a bulk transfer that is under way",
        "Wait for its end, or withdraw that request",
    ),
    "termination": ("The termination OASys is missing (R21)", "Add R10 and R11"),
    "owner": ("The receiving agency does not own records of its category (R17)", "Look at its category"),
    "category": ("Its category is not used there", "Transfer it by itself: both sides confirm the new one"),
    "limited": ("Access to it is limited", "Transfer it by itself"),
    "archived": ("It was archived meanwhile", "Nothing: it stays with its area"),
    "elsewhere": (
        "It was transferred or handed elsewhere meanwhile",
        "Nothing: it is not in this unit any more",
    ),
    "gone": ("It is no longer there", "Nothing"),
    "people": ("Nobody of those chosen could look after it", "Transfer it by itself"),
    "error": ("It could not be changed", "Ask for it again"),
}
OPEN_DUTIES: Final = ("requests", "minutes", "needs", "unsigned")
MOST_CHOSEN: Final = 200


@dataclass(frozen=True, slots=True)
class Going:
    """What is known of one record under its lock. `duties` counts what is open, in the order of OPEN_DUTIES.

    `listed`: it waits on the list of another bulk transfer; of no interest to the one whose list it is on.
    """

    status: str
    category: str
    supervised: bool
    limited: bool
    here: bool
    duties: tuple[int, int, int, int]
    open_transfer: bool
    has_termination: bool
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """From the agency of one kind to that of another, in this jurisdiction."""

    from_kind: str
    to_kind: str
    to_jurisdiction: str


def answers_for(principal: Principal) -> frozenset[str]:
    """The owners for which the principal may ask and agree: a CPC or her deputy; prisons for none (table 4.2, R30)."""
    if principal.agency_kind == PRISON:
        return frozenset()
    units = reach(principal)
    return units.cpc | units.deputy


def may_answer(principal: Principal, owner: str) -> str | None:
    """None, or the refusal's code: R30 for a prison, R11 for whoever is not that side's CPC or her deputy."""
    if principal.agency_kind == PRISON:
        return "R30"
    return None if owner in answers_for(principal) else "R11"


def why_not(one: Going, way: Way) -> list[str]:
    """Codes of WHY for all that keeps the record; empty where it can go. What is not here any more says only that."""
    if one.status != "live":
        return ["archived"]
    if not one.here:
        return ["elsewhere"]
    found = [code for code, count in zip(OPEN_DUTIES, one.duties, strict=True) if count]
    if one.open_transfer:
        found.append("transfer")
    if one.listed:
        found.append("listed")
    if one.limited:
        found.append("limited")
    if not used_in(one.category, way.to_jurisdiction):
        found.append("category")
    elif wrong_owner(one.category, way.to_kind, supervised=one.supervised) is not None:
        found.append("owner")
    if needs_termination(one.category, way.to_kind, way.from_kind) and not one.has_termination:
        found.append("termination")
    return found


def taken_already(taken: int, chosen: int) -> str:
    """What is said where so many of the chosen records wait for the answer or the end of another bulk transfer."""
    which = (
        "These records are"
        if taken == chosen
        else f"{taken} of these records {'is' if taken == 1 else 'are'}"
    )
    return f"{which} on the list of a bulk transfer that is under way: wait for its end, or withdraw it first"
