"""What confirming a proposal takes."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.identity.appointments.table import label as role_label
from services.identity.appointments.table import roles
from services.identity.token_sets.table import token_sets
from services.identity.tokens.schemas import note_field, reason_field, unit_field
from services.identity.tokens.table import label as token_label
from services.identity.tokens.table import tokens
from shared.web.schemas import Answer, Input


def _tokens(context: Any) -> list[tuple[str, str, str]]:
    chosen = token_sets().get(str(context.get("code")))
    return [(name, token_label(name), tokens()[name].lets) for name in (chosen.tokens if chosen else ())]


def _roles(context: Any) -> list[tuple[str, str]]:
    chosen = token_sets().get(str(context.get("code")))
    return [(name, role_label(name)) for name in (chosen.roles if chosen else ())]


class ConfirmInput(Input):
    tokens = fields.List(
        fields.String(validate=validate.OneOf(list(tokens()))),
        load_default=list,
        metadata={"label": "Tokens", "options": _tokens, "widget": "checkboxes"},
    )
    roles = fields.List(
        fields.String(validate=validate.OneOf(list(roles()))),
        load_default=list,
        metadata={"label": "Roles", "options": _roles, "widget": "checkboxes"},
    )
    unit = unit_field()
    reason = reason_field("Why they are needed")
    note = note_field()


class ConfirmedAnswer(Answer):
    authorised = fields.Integer(metadata={"description": "tokens that an administrator is to set"})
    granted = fields.Integer(metadata={"description": "tokens and roles held at once"})


class SetAnswer(Answer):
    code = fields.String()
    label = fields.String()
    tokens = fields.List(fields.String())
    roles = fields.List(fields.String())
    clause = fields.List(fields.String())


class SetsAnswer(Answer):
    person_id = fields.UUID()
    name = fields.String()
    card_url = fields.String()
    sets = fields.List(fields.Nested(SetAnswer))
