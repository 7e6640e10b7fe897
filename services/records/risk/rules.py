"""Which assessment the summary goes by, and when a record has its termination OASys. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol
from uuid import UUID

AWAITING: Final = "awaiting"
SIGNED: Final = "signed_off"
RETURNED: Final = "returned"
STATES: Final = {AWAITING: "Awaiting sign-off", SIGNED: "Signed off", RETURNED: "Returned"}
R10: Final = "assessment"
R11: Final = "plan"


class Assessed(Protocol):
    """What these rules need of an assessment."""

    @property
    def state(self) -> str: ...
    @property
    def assessed_on(self) -> date: ...
    @property
    def id(self) -> UUID: ...


@dataclass(frozen=True, slots=True)
class Documents:
    """The days of the last signed-off termination R10, and of the last R11; None where there is none."""

    termination_on: date | None
    plan_on: date | None


def newest(assessments: Iterable[Assessed], state: str) -> Assessed | None:
    """The latest by the day it was made; of one day the one that was added last (PF-7/QA checks.1)."""
    fitting = [one for one in assessments if one.state == state]
    return max(fitting, key=lambda one: (one.assessed_on, one.id), default=None)


def can_be_decided(state: str) -> bool:
    """Signed off or returned once; a changed entry awaits sign-off again."""
    return state == AWAITING


def level_code(chosen: str) -> str:
    """The catalogue's words as the summary's codes."""
    return chosen.replace(" ", "_")


def termination_problem(documents: Documents) -> str | None:
    """What is missing of the termination OASys: R10 and R11, in their two folders (PF-4.28, PF-4.18.2)."""
    missing = []
    if documents.termination_on is None:
        missing.append("the termination assessment (R10), signed off")
    if documents.plan_on is None or (
        documents.termination_on is not None and documents.plan_on < documents.termination_on
    ):
        missing.append("the risk management plan (R11) that goes with it")
    return " and ".join(missing) or None
