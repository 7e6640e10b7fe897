"""Looking somebody up in their agency's directory, before their account is made."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.schemas import Answer, Input


class DirectorySearch(Input):
    agency = fields.String(
        required=True,
        validate=validate.Length(1, 40),
        metadata={"label": "Agency’s code", "hint": "As in police-13"},
    )
    username = fields.String(required=True, validate=validate.Length(1, 120), metadata={"label": "User name"})


class DirectoryAnswer(Answer):
    """`card` has what the directory knows of name, email, telephone and job title."""

    found = fields.Boolean()
    card = fields.Dict(keys=fields.String(), values=fields.String())
