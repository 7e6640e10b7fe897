"""Who makes a plan of adjustments or an exemption, and when an exemption is to be reviewed."""

from __future__ import annotations

from datetime import date, timedelta

# PF-0.2.1, PF-0.2.3: the manager; whoever answers for the team or unit, and the CPC, may do it in their place.
MANAGERS = ("spo", "visor_lead", "governor", "head_of_public_protection")
WHOM = "the person’s line manager, SPO, ViSOR lead, Governor or CPC"
LONGEST = 366


def why_not_manage(*, oneself: bool, manager: bool) -> str | None:
    """Nobody exempts themselves."""
    if not manager:
        return "R32"
    return "R23" if oneself else None


def wrong_days(exempt_from: date, review_on: date, today: date) -> dict[str, list[str]]:
    wrong = {}
    if exempt_from > today:
        wrong["exempt_from"] = ["An exemption cannot begin in the future."]
    if review_on <= max(exempt_from, today):
        wrong["review_on"] = ["The review must be in the future."]
    elif review_on > today + timedelta(days=LONGEST):
        wrong["review_on"] = ["Review the exemption within a year."]
    return wrong
