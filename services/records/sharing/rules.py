"""With which departments of a prison risk information is shared, and what is never shared that way. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

# PF-5.21: other prison departments, "to keep staff and prisoners safe".
DEPARTMENTS: Final[Mapping[str, str]] = {
    "offender_management": "Offender management unit",
    "security": "Security",
    "residence": "Residence (wing staff)",
    "reception": "Reception and first night",
    "safer_custody": "Safer custody",
    "healthcare": "Healthcare",
    "programmes": "Psychology and programmes",
    "education_work": "Education and work",
    "visits": "Visits",
    "communications": "Mail and telephones",
    "chaplaincy": "Chaplaincy",
    "resettlement": "Resettlement",
    "duty_governor": "Duty governor",
    "other": "Another department, named below",
}
_AHEAD = timedelta(minutes=5)


def wrong_sharing(department: str, named: str, shared_at: datetime, now: datetime) -> dict[str, list[str]]:
    """Field → messages: what was shared was shared already, and with somebody who has a name."""
    wrong: dict[str, list[str]] = {}
    if department == "other" and not named.strip():
        wrong["department_name"] = ["Enter the name of the department"]
    if shared_at > now + _AHEAD:
        wrong["shared_at"] = ["Enter when it was shared: it cannot be in the future"]
    return wrong


def may_be_shared(handling_code: str | None) -> bool:
    """Intelligence with handling code C goes to its named readers alone (PF-5.21, PF-1.4.3)."""
    return handling_code != "C"
