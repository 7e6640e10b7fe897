"""What naming a deputy takes, and what is read of deputies."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.finders import PEOPLE
from services.identity.tokens.schemas import first_day, reason_field
from shared.web.schemas import Answer, Input


def _person() -> fields.UUID:
    return fields.UUID(
        required=True,
        metadata={
            "label": "Who acts for the CPC",
            "widget": "select",
            "options": lambda context: context["values"].get("people") or [],
        },
    )


def _until() -> fields.Date:
    return fields.Date(
        required=True, metadata={"label": "Last day", "hint": "It ends sooner when the CPC returns"}
    )


class NameInput(Input):
    person_id = _person()
    valid_from = first_day()
    valid_to = _until()
    reason = reason_field("Why the CPC is away, or the role is vacant")


class CoverInput(Input):
    username = fields.String(
        required=True,
        validate=validate.Length(min=3, max=120),
        metadata={
            "label": "Who covers",
            "noun": "who covers",
            "hint": "A CPC, or a deputy, of another area",
            "finder": PEOPLE,
        },
    )
    valid_from = first_day()
    valid_to = _until()
    reason = reason_field("What disrupts the service")


class DeputyshipAnswer(Answer):
    id = fields.UUID()


class EndInput(Input):
    reason = reason_field("Why it ends")


class ShownAnswer(Answer):
    id = fields.UUID()
    unit = fields.String()
    unit_name = fields.String()
    person_id = fields.UUID()
    person_name = fields.String()
    card_url = fields.String()
    ground = fields.String()
    valid_from = fields.Date()
    valid_to = fields.Date()
    reason = fields.String()
    begun = fields.Boolean()
    may_end = fields.Boolean()


class DeputiesAnswer(Answer):
    deputies = fields.List(fields.Nested(ShownAnswer))
    may_name = fields.List(fields.List(fields.String()), metadata={"description": "units: code and name"})
