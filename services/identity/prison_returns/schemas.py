"""What a return takes and answers."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.schemas import Answer, Input


class ConfirmInput(Input):
    note = fields.String(
        load_default="",
        validate=validate.Length(max=2000),
        metadata={
            "label": "Staff movements and anything else that the figures do not say",
            "widget": "textarea",
        },
    )
    checked = fields.Boolean(
        load_default=False,
        metadata={"label": "I have checked these figures", "widget": "checkbox"},
    )


class ConfirmedAnswer(Answer):
    id = fields.UUID()
    unit = fields.String()


class EarlierAnswer(Answer):
    id = fields.UUID()
    month = fields.Date()


class ReturnAnswer(Answer):
    id = fields.UUID(allow_none=True)
    unit = fields.String()
    unit_name = fields.String()
    month = fields.Date()
    figures = fields.Dict(keys=fields.String(), values=fields.Integer())
    note = fields.String(allow_none=True)
    name = fields.String(allow_none=True)
    person_id = fields.UUID(allow_none=True)
    confirmed_at = fields.AwareDateTime(allow_none=True)
    addressed_to = fields.List(fields.String())
    may_confirm = fields.Boolean()
    earlier = fields.List(fields.Nested(EarlierAnswer))
