"""What opening a record with a reason takes, and what the CPC reads about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from shared.web.schemas import Answer, Input

SHORTEST = 20
REASON_TYPES = {
    "custody": "The person entered my prison, and I am requesting partnership",
    "linked_nominal": "I manage a nominal linked to this one",
    "allocated": "The person was allocated to me or my team",
    "before_contact": "Checking risk information before contact",
    "security_review": "Security or risk review in a prison",
    "transfer": "Considering a transfer of the record",
    "audit": "Audit or quality assurance",
    "other": "Another reason, explained below",
}


def full_reason(label: str, hint: str, noun: str | None = None) -> fields.String:
    """A full explanation, of 20 characters without the blanks round it; one that takes no less stays for ever."""
    return fields.String(
        required=True,
        validate=[
            validate.Length(max=2000),
            validate.Regexp(
                rf"\s*\S(?:.{{{SHORTEST - 2},}})\S\s*\Z",
                flags=16,  # re.DOTALL
                error=f"Give a full explanation, of {SHORTEST} characters or more.",
            ),
        ],
        metadata={"label": label, "noun": noun, "hint": hint, "widget": "textarea"},
    )


class ReasonInput(Input):
    """PF-7/Partner token.2: a full and reasonable explanation, of 20 characters without the blanks round it."""

    reason_type = fields.String(
        required=True,
        validate=validate.OneOf(list(REASON_TYPES), list(REASON_TYPES.values())),
        metadata={"label": "Why you need to see it", "widget": "radios"},
    )
    reason = full_reason(
        "Your reason", "Give a full explanation. The owning CPC is told each time, and reads it."
    )
    linked = fields.String(
        load_default="",
        validate=validate.Length(max=9),
        metadata={
            "label": "ViSOR number of the nominal you manage",
            "hint": "If you manage a nominal who is linked to this person, like V12345678",
            "width": 10,
        },
    )


class OpenedAnswer(Answer):
    nominal_id = fields.UUID()
    needed = fields.Boolean()


class HistoryInput(Input):
    before = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class LookAnswer(Answer):
    access_id = fields.UUID()
    nominal_id = fields.UUID()
    visor_number = fields.String()
    nominal_name = fields.String()
    at = fields.AwareDateTime()
    refused = fields.Boolean()
    person_id = fields.UUID()
    person_name = fields.String(allow_none=True)
    card_url = fields.String()
    agency = fields.String()
    unit = fields.String()
    unit_name = fields.String()
    reason_type = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)


class HistoryAnswer(Answer):
    looks = fields.List(fields.Nested(LookAnswer))
    next_before = fields.UUID(allow_none=True)


TIES = {"with": "Partners and others who work with it", "without": "With a reason, not partnered"}


def _lookers(context: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = (context or {}).get("people", [])
    return found


class LookedFilter(Input):
    tie = fields.String(
        load_default="",
        validate=validate.OneOf(["", *TIES]),
        metadata={
            "label": "Show",
            "widget": "select",
            "options": list(TIES.items()),
            "empty": "Everybody",
        },
    )
    person_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"label": "User", "widget": "select", "options": _lookers, "empty": "Everybody"},
    )
    since = fields.Date(
        load_default=None, allow_none=True, metadata={"label": "From", "hint": "Day, month, year"}
    )
    until = fields.Date(
        load_default=None, allow_none=True, metadata={"label": "Until", "hint": "Day, month, year"}
    )
    before = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class LookedLine(Answer):
    """`by_reason`: they were not partnered, and had given a reason. `what` they looked at, in words."""

    at = fields.AwareDateTime()
    person_id = fields.UUID()
    name = fields.String(allow_none=True)
    unit_name = fields.String()
    what = fields.String()
    by_reason = fields.Boolean()


class LookedAnswer(Answer):
    looks = fields.List(fields.Nested(LookedLine))
    next_before = fields.UUID(allow_none=True)
