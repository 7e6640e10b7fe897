"""What goes into and comes out of imminent risk."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from services.records.activity_log.rules import LONGEST
from services.records.imminent_risk import choices
from services.records.imminent_risk.rules import CONCERNING, HOW
from shared.web.schemas import Answer, Input

_MANAGER = "Line manager, told before this entry"
_POLICE = "Police counterpart, told before this entry"


def written(text: str) -> None:
    if not text.strip():
        raise ValidationError("Enter what the risk is")


def said(text: str) -> None:
    if not text.strip():
        raise ValidationError("Give the reason")


def _who(label: str, options: Any, section: str) -> fields.UUID:
    return fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={
            "label": label,
            "widget": "select",
            "options": options,
            "empty": "Not in this list",
            "section": section,
        },
    )


def _name(noun: str) -> fields.String:
    return fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={
            "label": "Or their name and post",
            "noun": noun,
            "hint": "Where they are not in the list.",
            "widget": "text",
        },
    )


def _how(noun: str) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.OneOf(list(HOW)),
        metadata={
            "label": "How were they told?",
            "noun": noun,
            "widget": "radios",
            "options": list(HOW.items()),
        },
    )


def _at(noun: str) -> fields.AwareDateTime:
    return fields.AwareDateTime(
        required=True, metadata={"label": "When were they told?", "noun": noun, "widget": "datetime"}
    )


class NewRisk(Input):
    """PF-4.36.1: it cannot be entered before line manager and police counterpart were told."""

    line_manager_id = _who("Your line manager", choices.colleagues, _MANAGER)
    line_manager_name = _name("the line manager’s name")
    line_manager_how = _how("how the line manager was told")
    line_manager_at = _at("when the line manager was told")
    police_id = _who("The police counterpart", choices.police, _POLICE)
    police_name = _name("the police counterpart’s name")
    police_how = _how("how the police counterpart was told")
    police_at = _at("when the police counterpart was told")
    concerning = fields.List(
        fields.String(validate=validate.OneOf(list(CONCERNING))),
        required=True,
        validate=validate.Length(1, error="Say whom the risk concerns"),
        metadata={
            "label": "Whom does it concern?",
            "noun": "whom the risk concerns",
            "widget": "checkboxes",
            "options": list(CONCERNING.items()),
            "section": "The risk",
        },
    )
    text = fields.String(
        required=True,
        validate=[validate.Length(1, LONGEST), written],
        metadata={"label": "What is the risk?", "noun": "what the risk is", "widget": "textarea", "rows": 8},
    )


class StoodDown(Input):
    reason = fields.String(
        required=True,
        validate=[validate.Length(10, 2000), said],
        metadata={
            "label": "Why is the risk no longer imminent?",
            "noun": "why the risk is no longer imminent",
            "hint": "Everybody who was told of the risk is told that it was stood down, and can read this.",
            "widget": "textarea",
        },
    )


class NewContact(Input):
    reference = fields.String(
        required=True,
        validate=[
            validate.Length(1, 40),
            validate.Regexp(r"[A-Za-z0-9/-]+\Z", error="Enter its number, not a text"),
        ],
        metadata={
            "label": "Number of the contact in nDelius",
            "noun": "the number of the contact",
            "hint": "Only its number: what it says stays there until it is uploaded.",
            "width": 20,
        },
    )


class ContactMessage(NewContact):
    """What nDelius tells; `crn` is its case reference number."""

    crn = fields.String(required=True, validate=validate.Length(1, 20))


class HandledContact(Input):
    note = fields.String(
        required=True,
        validate=[validate.Length(1, 1000), said],
        metadata={
            "label": "What was done?",
            "noun": "what was done",
            "hint": "For example, in which entry it was uploaded, or that it was flagged by mistake.",
            "widget": "textarea",
        },
    )


class ContactAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    reference = fields.String()
    flagged_at = fields.AwareDateTime()
    handled_at = fields.AwareDateTime(allow_none=True)


class Heard(Answer):
    """`taken`, `known` (told before) or `no_record`."""

    outcome = fields.String()


class ToldAnswer(Answer):
    person_id = fields.UUID()
    name = fields.String()
    card_url = fields.String()
    role = fields.String()
    unit = fields.String()
    acknowledged_at = fields.AwareDateTime(allow_none=True)


class RiskAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    entry_id = fields.UUID()
    concerning = fields.List(fields.String())
    raised_by = fields.UUID()
    raised_at = fields.AwareDateTime()
    stood_down_at = fields.AwareDateTime(allow_none=True)


class BeforeAnswer(Answer):
    who = fields.String(allow_none=True)
    person_id = fields.UUID(allow_none=True)
    how = fields.String()
    at = fields.AwareDateTime()


class RiskWhole(RiskAnswer):
    text = fields.String(allow_none=True)
    line_manager = fields.Nested(BeforeAnswer)
    police = fields.Nested(BeforeAnswer)
    told = fields.List(fields.Nested(ToldAnswer))
    stood_down_by = fields.UUID(allow_none=True)
    stood_down_reason = fields.String(allow_none=True)
    may_acknowledge = fields.Boolean()
    may_stand_down = fields.Boolean()


class RiskList(Answer):
    risks = fields.List(fields.Nested(RiskAnswer))
    contacts = fields.List(fields.Nested(ContactAnswer))


class Queue(Answer):
    contacts = fields.List(fields.Nested(ContactAnswer))
