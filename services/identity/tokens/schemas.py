"""What token commands take, and what is read of orders."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.finders import OWN_UNITS
from services.identity.tokens.rules import TOKENS
from services.identity.tokens.table import tokens
from shared.web.schemas import Answer, Input

TOKEN_OPTIONS = [(name, row.label, row.lets) for name, row in tokens().items()]


def reason_field(label: str) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(min=5, max=500),
        metadata={"label": label, "widget": "textarea"},
    )


def note_field() -> fields.String:
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=500),
        metadata={
            "label": "Why it is right in spite of the warning",
            "hint": "Only where you are warned of something when you send this",
            "widget": "textarea",
        },
    )


def unit_field() -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(min=1, max=40),
        metadata={"label": "For which unit", "noun": "the unit", "finder": OWN_UNITS},
    )


def first_day() -> fields.Date:
    return fields.Date(
        load_default=None, allow_none=True, metadata={"label": "From", "hint": "Leave empty for today"}
    )


def last_day() -> fields.Date:
    return fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"label": "Last day", "hint": "Leave empty where no end is planned"},
    )


def authority_field() -> fields.String:
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=500),
        metadata={
            "label": "On whose authority",
            "noun": "whose authority it rests on",
            "hint": "For an administrator: who authorised it, and where that is recorded. A CPC leaves it empty",
        },
    )


class GrantInput(Input):
    token = fields.String(required=True, validate=validate.OneOf(TOKENS), metadata={"options": TOKEN_OPTIONS})
    unit = unit_field()
    valid_from = first_day()
    valid_to = last_day()
    reason = reason_field("Why it is needed")
    note = note_field()
    authority = authority_field()
    hand_over = fields.Boolean(
        load_default=False,
        metadata={
            "label": "The present CPC or LPC hands over: theirs ends when this begins",
            "legend": "Hand-over",
        },
    )


class GrantAnswer(Answer):
    id = fields.UUID(metadata={"description": "of the grant, or of the order where it is only authorised"})
    state = fields.String(metadata={"description": "granted or authorised"})


class EndInput(Input):
    reason = reason_field("Why it ends")
    authority = authority_field()


class OrderedAnswer(Answer):
    grant_id = fields.UUID()


class DeclineInput(Input):
    reason = reason_field("Why the token is not set")


class OrderAnswer(Answer):
    id = fields.UUID()
    token = fields.String()
    unit = fields.String()
    unit_name = fields.String()
    person_id = fields.UUID()
    person_name = fields.String()
    card_url = fields.String()
    reason = fields.String()
    note = fields.String(allow_none=True)
    warnings = fields.List(fields.String())
    authorised_by_name = fields.String()
    authorised_by_url = fields.String()
    authorised_at = fields.AwareDateTime()
    for_cpc = fields.String(allow_none=True)
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)


class OrdersInput(Input):
    after = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class OrdersAnswer(Answer):
    orders = fields.List(fields.Nested(OrderAnswer))
    next_after = fields.UUID(allow_none=True)
    may_set = fields.Boolean()
