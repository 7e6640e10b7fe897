"""Who may stand in for a CPC, for how long, and who says so (PF-7/LPC.2, PF-4.4.2, PI-3.9.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from services.identity.authority import Reach
from services.identity.tokens.rules import APPOINTS, Refused

Ground = Literal["absent", "vacant", "cover"]
LOWEST = 3


@dataclass(frozen=True)
class Candidate:
    """`lpc`, `central_support`: held in force for a unit of the CPC's area; `_anywhere`: for any unit.

    `is_cpc`: of another area, group or force. `same_kind`: of the same kind of agency as the unit.
    """

    name: str
    level: int = 0
    lpc: bool = False
    central_support: bool = False
    lpc_anywhere: bool = False
    central_support_anywhere: bool = False
    is_cpc: bool = False
    same_kind: bool = True
    oneself: bool = False


@dataclass(frozen=True)
class Days:
    """From the first to the last day, both included."""

    first: date
    last: date
    wrong: Mapping[str, list[str]] = field(default_factory=dict)


def why_not_name(
    asked: Reach, candidate: Candidate, ground: Ground, *, scheme: str, area: str
) -> Refused | None:
    """The CPC names who acts for them, and so does whoever appoints the CPC."""
    if not (asked.is_cpc or asked.appoints_cpc):
        return Refused("R32", {"role": f"the CPC of {area}, {APPOINTS}"})
    if candidate.oneself:
        return Refused("R23", {"subject": "deputyship"})
    if candidate.level < LOWEST:
        fills = {"token": "deputy’s", "needed": LOWEST, "name": candidate.name, "held": candidate.level}
        return Refused("R03", {name: str(value) for name, value in fills.items()})
    return (
        None if is_fit(candidate, ground, scheme) else Refused("R41", {"name": candidate.name, "area": area})
    )


def is_fit(candidate: Candidate, ground: Ground, scheme: str) -> bool:
    """An LPC of the area who holds Central Support (2009: anybody cleared); for cover, one elsewhere, or a CPC."""
    if ground == "cover":
        elsewhere = candidate.lpc_anywhere and candidate.central_support_anywhere
        return candidate.same_kind and (candidate.is_cpc or elsewhere)
    if scheme == "any_cleared_deputy":
        return candidate.same_kind
    return candidate.lpc and candidate.central_support


def days_of(first: date | None, last: date, today: date, longest: int) -> Days:
    """Deputy mode always has an end: `longest` calendar days at most, after which it is named anew."""
    starts = first or today
    wrong = {}
    if starts < today:
        wrong["valid_from"] = ["The first day must not be past."]
    if last < starts:
        wrong["valid_to"] = ["The last day must not be before the first."]
    elif last >= starts + timedelta(days=longest):
        wrong["valid_to"] = [f"A deputy is named for {longest} days at most; name them again after that."]
    return Days(starts, last, wrong)
