"""How many users a unit needs and how many it has. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

# PF-7/sufficient numbers of Prison staff; PF-7/Sufficient numbers.1: all operational practice and admin staff.
PRISON = ("homd", "homs", "prison_offender_manager", "prison_case_administrator", "security_staff")
PROBATION = (
    "senior_probation_officer",
    "probation_officer",
    "probation_service_officer",
    "mappa_staff",
    "case_administrator",
    "mappa_administrator",
    "visor_administrator",
)


@dataclass(frozen=True)
class Target:
    """`posts` has the staff in each listed position; `agreed` is lower, and has a factor behind it.

    `exempt` of them are exempt from the mandate and so not needed (PF-0.2.3); whoever agreed a number knew of them.
    """

    posts: Mapping[str, int]
    agreed: int | None = None
    exempt: int = 0

    @property
    def ideal(self) -> int:
        """PF-7/Sufficient numbers.1: all of them."""
        return sum(self.posts.values())

    @property
    def needed(self) -> int:
        return max(0, self.ideal - self.exempt) if self.agreed is None else self.agreed


def wrong_target(posts: Mapping[str, int], agreed: int | None, factor: str | None) -> dict[str, list[str]]:
    """PF-7/Sufficient numbers.2: a lower number is agreed only where a factor prohibits access."""
    if agreed is None:
        return {"agreed": ["Give the lower number that was agreed."]} if factor else {}
    wrong = {}
    if not factor:
        wrong["factor"] = ["Say what keeps people from using ViSOR."]
    if agreed >= sum(posts.values()):
        wrong["agreed"] = ["The agreed number must be lower than all posts together."]
    return wrong


def shortfall(needed: int | None, actual: int) -> int | None:
    """None where nobody has said what is needed."""
    return None if needed is None else max(0, needed - actual)


def state(needed: int | None, actual: int) -> str:
    if needed is None:
        return "No target"
    return "Sufficient" if actual >= needed else "Short"


def wrong_review(review_on: date, last: date, today: date) -> dict[str, list[str]]:
    """PF-4.11.4: the plan is looked at again, and not only some day; `last` by national policy."""
    if review_on <= today:
        return {"review_on": ["The day of the review must be in the future"]}
    if review_on > last:
        return {"review_on": [f"The day of the review must be {last:%-d %B %Y} or earlier"]}
    return {}


def plan_state(review_on: date | None, today: date) -> str:
    if review_on is None:
        return "No plan"
    return "Review overdue" if review_on < today else "In force"
