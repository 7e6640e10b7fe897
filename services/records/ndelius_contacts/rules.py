"""How a contact of nDelius stands in the log, and which may come there. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from services.records.activity_log.rules import LONGEST
from shared.time.words import in_words

STATES = {"waiting": "Waiting", "added": "On the activity log", "left_out": "Left out"}
LONGEST_TYPE = 100
# The line above it, and a correction that takes both over, stay within what an entry can hold.
LONGEST_TEXT = LONGEST - 300
KNOWN = "This contact is on the activity log already."
NO_CRN = "This record has no CRN. Add the number to the record before contacts from nDelius are added."
ANOTHER = "This record has another CRN. Check that the contact is about this person."


def with_source(text: str, *, contact_type: str, contact_on: date, reference: str) -> str:
    """What was copied, below the line that says from where, so that whoever reads it can look it up (PF-4.17.1)."""
    which = called(contact_type=contact_type, contact_on=contact_on, reference=reference)
    return f"From nDelius: {which}\n\n{text}"


def called(*, contact_type: str, contact_on: date, reference: str) -> str:
    """Which one it is."""
    return f"{' '.join(contact_type.split())}, {in_words(contact_on)}, contact {reference}"


def wrong_contact(contact_on: date, today: date) -> dict[str, list[str]]:
    """Field → messages."""
    if contact_on > today:
        return {"contact_on": ["The date of the contact cannot be in the future."]}
    return {}


def wrong_person(crn: str, theirs: Collection[str]) -> dict[str, list[str]]:
    """Field → messages: a contact is copied onto the record of the person whom it is about."""
    if not theirs:
        return {"crn": [NO_CRN]}
    return {} if crn in theirs else {"crn": [ANOTHER]}
