"""On what grounds a record is deleted, what is looked at before, and who may decide. Pure (PF-4.16i)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

STATES: Final[Mapping[str, str]] = {
    "requested": "Waiting for the second person",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
}
REVIEW: Final = "retention_review"
GROUNDS: Final[Mapping[str, str]] = {
    REVIEW: "The retention review: the record is no longer needed (SC-17.12)",
    "erasure": "The right to erasure was exercised and upheld (Data Protection Act 2018, section 47)",
    "unlawful": "There was no lawful basis for the record, as where somebody was entered by mistake (section 35)",
    "not_necessary": "The record is no longer necessary for the purpose it was kept for (section 39)",
    "order": "A court or the Information Commissioner ordered it",
}
# Retention, review and disposal, after the College of Policing (PF-4.16i.2): all of it is looked at.
CHECKLIST: Final[Mapping[str, str]] = {
    "necessary": "Whether the record is still necessary for a policing or public protection purpose",
    "harm": "Whether the person presents a risk of harm, and what would be lost for assessing it",
    "accurate": "Whether the record is adequate, accurate and up to date",
    "proportionate": "Whether keeping it is proportionate, with a view to age and time since the last concern",
    "proceedings": "That no investigation, proceedings, review or public inquiry needs it",
    "requests": "That no subject access or disclosure request about it is open",
    "others": "That those agencies that work with the person were asked, and what concerns victims was considered",
}
SECOND_ROLES: Final = ("head_of_public_protection", "data_protection_officer")


def missing_checks(checked: Collection[str]) -> list[str]:
    return [label for code, label in CHECKLIST.items() if code not in checked]


def too_early(ground: str, review_on: date | None, today: date, *, due: bool) -> bool:
    """Before its review a record is kept, unless there is another ground than the review itself (R22, C-21)."""
    return ground == REVIEW and not due and (review_on is None or review_on > today)
