"""What account commands take."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.schemas import Answer, Input


class CreateInput(Input):
    """The card's four fields are required before the first log-on (PF-7/white pages.1)."""

    username = fields.String(
        required=True,
        validate=validate.Regexp(
            r"^[a-z0-9][a-z0-9.\-']{2,79}$",
            error="A user name has small letters, digits, dots and hyphens, at least three of them.",
        ),
        metadata={"label": "User name", "width": 20},
    )
    name = fields.String(
        required=True, validate=validate.Length(min=2, max=200), metadata={"label": "Full name"}
    )
    job_title = fields.String(
        required=True, validate=validate.Length(min=2, max=150), metadata={"label": "Role or job title"}
    )
    email = fields.Email(required=True, metadata={"label": "E-mail address"})
    telephone = fields.String(
        required=True, validate=validate.Length(min=5, max=40), metadata={"inputmode": "tel", "width": 20}
    )
    unit = fields.String(
        required=True,
        validate=validate.Length(min=1, max=40),
        metadata={
            "label": "Unit",
            "hint": "The unit’s code, as in pdu-N55LEE, area-53, prison-WSI",
            "width": 20,
        },
    )
    authority = fields.String(
        required=True,
        validate=validate.Length(min=5, max=500),
        metadata={
            "label": "On whose authority",
            "hint": "The CPC who authorised it, and where that is recorded",
        },
    )


class CreatedAnswer(Answer):
    id = fields.UUID()


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
