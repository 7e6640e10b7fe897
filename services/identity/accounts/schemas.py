"""What closing and opening an account take."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.schemas import Input


class DisableInput(Input):
    reason_code = fields.String(
        required=True,
        validate=validate.OneOf(["suspended", "left", "not_used"]),
        metadata={
            "label": "Why",
            "options": [
                ("suspended", "Suspended"),
                ("left", "Has left the role"),
                ("not_used", "Account not used"),
            ],
        },
    )
    note = fields.String(
        load_default="", validate=validate.Length(max=500), metadata={"label": "Note", "widget": "textarea"}
    )


class EnableInput(Input):
    note = fields.String(
        required=True,
        validate=validate.Length(min=5, max=500),
        metadata={"label": "Why the account is opened again", "widget": "textarea"},
    )
    authority = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=500),
        metadata={
            "label": "On whose authority",
            "noun": "whose authority it rests on",
            "hint": "For an administrator: the CPC who authorised it and where that is recorded. A CPC leaves it empty",
        },
    )
