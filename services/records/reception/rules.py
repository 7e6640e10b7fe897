"""What a search at reception comes to. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

Outcome = Literal["match", "possible", "none"]
OUTCOMES: dict[Outcome, str] = {
    "match": "This person is a nominal",
    "possible": "This may be somebody on the register",
    "none": "No ViSOR record was found",
}


def outcome_of(by_number: Collection[object], alike: Collection[object]) -> Outcome:
    """A number is one person's; a name and a date of birth only say that it may be them (PF-5.12.1)."""
    if by_number:
        return "match"
    return "possible" if alike else "none"


def may_ask(agency_kind: str, *, holds_partner: bool) -> str | None:
    """The refusal's code for whoever may not ask: prisons ask (PF-4.12.1), and there who could be partner."""
    if agency_kind != "prison":
        return "R32"
    return None if holds_partner else "R11"
