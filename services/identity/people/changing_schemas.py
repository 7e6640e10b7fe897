"""What changing a card takes."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.accounts.newcomer_schemas import (
    email,
    full_name,
    job_title,
    line_manager,
    position,
    reason,
    telephone,
    unit_among,
)
from services.identity.finders import ANY_UNIT
from shared.web.schemas import Answer, Input


class OwnCardInput(Input):
    job_title = job_title()
    email = email()
    telephone = telephone()
    version = fields.Integer(required=True)


class NameInput(Input):
    name = full_name()
    authority = fields.String(
        required=True,
        validate=validate.Length(min=5, max=500),
        metadata={
            "label": "On whose authority",
            "noun": "whose authority it rests on",
            "hint": "Who asked for it, and where that is recorded",
        },
    )
    version = fields.Integer(required=True)


class LineManagerInput(Input):
    line_manager = line_manager()


class MoveInput(Input):
    unit = unit_among(ANY_UNIT, "New unit")
    position = position()
    reason = reason("Why they move")


class ChangedAnswer(Answer):
    id = fields.UUID()
    version = fields.Integer()


class MovedAnswer(Answer):
    """How many tokens went along, and how many ended."""

    moved = fields.Integer()
    ended = fields.Integer()
