"""What handing over takes and gives."""

from __future__ import annotations

from marshmallow import fields, validate

from services.records.hand_over import choices
from services.records.hand_over.rules import MOST, ROLES
from shared.web.schemas import Answer, Input


def _role() -> fields.String:
    return fields.String(
        required=True,
        validate=validate.OneOf(list(ROLES)),
        metadata={
            "label": "What is handed over?",
            "noun": "what is handed over",
            "options": list(ROLES.items()),
        },
    )


def _to() -> fields.UUID:
    return fields.UUID(
        required=True,
        metadata={
            "label": "To",
            "hint": "Whoever takes over must hold the token of that name",
            "noun": "who takes over",
            "options": choices.takers,
        },
    )


def _reason() -> fields.String:
    return fields.String(
        load_default="",
        validate=validate.Length(max=500),
        metadata={"label": "Why (if it should be on the record)", "widget": "textarea"},
    )


class OneInput(Input):
    role = _role()
    to_id = _to()
    reason = _reason()


class ManyInput(Input):
    role = _role()
    nominal_ids = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(1, MOST, error=f"Choose between 1 and {MOST} records"),
        metadata={
            "label": "Records",
            "noun": "the records",
            "widget": "checkboxes",
            "options": choices.nothing,
        },
    )
    to_id = _to()
    reason = _reason()


class HandedOverAnswer(Answer):
    """`left_out`: records that were somebody else's by then."""

    to_id = fields.UUID()
    role = fields.String()
    handed_over = fields.Integer()
    left_out = fields.Integer()


class HeldInput(Input):
    role = fields.String(
        load_default="manager",
        validate=validate.OneOf(list(ROLES), list(ROLES.values())),
        metadata={"label": "As", "widget": "radios", "small": True},
    )


class HeldLineAnswer(Answer):
    nominal_id = fields.UUID()
    visor_number = fields.String()
    name = fields.String()
    category = fields.String()
    level = fields.Integer(allow_none=True)
    managing_unit = fields.String()


class HeldAnswer(Answer):
    person_id = fields.UUID()
    name = fields.String(allow_none=True)
    active = fields.Boolean()
    nominals = fields.List(fields.Nested(HeldLineAnswer))
    more = fields.Boolean()


class HolderAnswer(Answer):
    person_id = fields.UUID()
    name = fields.String(allow_none=True)
    active = fields.Boolean()
    manager_of = fields.Integer()
    supervisor_of = fields.Integer()


class HoldersAnswer(Answer):
    holders = fields.List(fields.Nested(HolderAnswer))
