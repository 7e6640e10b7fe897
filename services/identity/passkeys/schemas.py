"""What the pages of passkeys take and give."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.schemas import Answer, Input

# What a browser answers is some hundred bytes; an attestation may be some thousand.
LONGEST = 20_000


class AddInput(Input):
    name = fields.String(
        required=True,
        validate=validate.Length(min=1, max=60),
        metadata={
            "label": "Name of the passkey",
            "hint": "So that you know it again, such as “Security key on my lanyard”",
            "width": 30,
        },
    )
    passkey = fields.String(
        required=True, validate=validate.Length(min=1, max=LONGEST), metadata={"widget": "hidden"}
    )
    options = fields.String(
        load_default="", validate=validate.Length(max=LONGEST), metadata={"widget": "hidden"}
    )


class AddedAnswer(Answer):
    id = fields.UUID()


class OptionsAnswer(Answer):
    options = fields.String(metadata={"description": "PublicKeyCredentialCreationOptions as JSON"})


class PasskeyAnswer(Answer):
    id = fields.UUID()
    name = fields.String()
    added_at = fields.AwareDateTime()
    used_at = fields.AwareDateTime(allow_none=True)


class PasskeysAnswer(Answer):
    passkeys = fields.List(fields.Nested(PasskeyAnswer))
