"""What the CPC's assurance log holds, and who writes and reads it (PF-7/CPC Probation.2)."""

from __future__ import annotations

from datetime import date

from services.identity.authority import Reach
from services.identity.tokens.rules import may_authorise

KINDS = (
    ("security", "Security assurance"),
    ("account_access", "Account access approval"),
    ("terminal", "Terminals and workstations"),
    ("record_quality", "Quality of records"),
    ("other", "Something else"),
)
OUTCOMES = (
    ("assured", "Assured or approved"),
    ("assured_with_actions", "Assured, with actions to follow"),
    ("not_assured", "Not assured or not approved"),
)


def may_write(reach: Reach) -> bool:
    """The CPC of the unit's area, group or force, and her deputy."""
    return may_authorise(reach)


def may_read(reach: Reach) -> bool:
    """Also whoever appoints the CPC, and sees whether the role is filled well."""
    return may_authorise(reach) or reach.appoints_cpc


def wrong_day(happened_on: date, today: date) -> dict[str, list[str]]:
    return {"happened_on": ["The date must not be in the future."]} if happened_on > today else {}
