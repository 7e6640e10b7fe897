"""What the two steps of signing in take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.identity.passkeys.schemas import LONGEST
from shared.web.schemas import Answer, Input

_SIX = r"^\s*\d{3}\s?\d{3}\s*$"


class PasswordInput(Input):
    username = fields.String(
        required=True,
        validate=validate.Length(min=1, max=120),
        metadata={
            "label": "User name",
            "noun": "your user name",
            "autocomplete": "username",
            "spellcheck": False,
            "width": 20,
        },
    )
    password = fields.String(
        required=True,
        validate=validate.Length(min=1, max=200),
        metadata={"widget": "password", "noun": "your password", "autocomplete": "current-password"},
    )


class CodeInput(Input):
    """A one-time code, or what a passkey answered (as JSON)."""

    code = fields.String(
        load_default="",
        validate=validate.Regexp(r"^(\s*\d{3}\s?\d{3}\s*)?$", error="The one-time code is six digits."),
        metadata={
            "label": "One-time code",
            "noun": "the one-time code",
            "hint": "The six digits that your authenticator app shows now. Each code counts once.",
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "width": 10,
        },
    )

    passkey = fields.String(
        load_default="", validate=validate.Length(max=LONGEST), metadata={"widget": "hidden"}
    )

    @validates_schema
    def _one_of_both(self, data: Mapping[str, Any], **_more: Any) -> None:
        if not data["code"].strip() and not data["passkey"]:
            raise ValidationError({"code": ["Enter the one-time code."]})


class ConfirmInput(CodeInput):
    """Both at once, from somebody who is signed in."""

    password = fields.String(
        required=True,
        validate=validate.Length(min=1, max=200),
        metadata={"widget": "password", "noun": "your password", "autocomplete": "current-password"},
    )

    class Meta:
        fields = ("password", "code", "passkey")


class OfficeCodeInput(CodeInput):
    """For probation users, who say that the office is secure (PF-6.6.3)."""

    secure_office = fields.Boolean(
        load_default=False,
        metadata={
            "legend": "Where you are",
            "label": "I am in a secure office, with my laptop on a Probation Service LAN cable",
            "widget": "checkbox",
        },
    )


def _password(label: str) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(min=1, max=500),
        metadata={"label": label, "widget": "password", "autocomplete": "new-password"},
    )


class NewPasswordInput(Input):
    new_password = _password("New password")
    new_password_again = _password("New password again")


class RecoveryCodeInput(Input):
    code = fields.String(
        required=True,
        validate=validate.Length(min=1, max=60),
        metadata={
            "label": "Recovery code",
            "hint": "Twenty letters and digits, as in ABCD-EFGH-JKMN-PQRS-TUVW",
            "width": 30,
        },
    )


class RecoverInput(NewPasswordInput):
    app_code = fields.String(
        required=True,
        validate=validate.Regexp(_SIX, error="The one-time code is six digits."),
        metadata={
            "label": "One-time code of the new app",
            "hint": "The six digits that the app shows now for ViSOR",
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "width": 10,
        },
    )


class ForgottenInput(NewPasswordInput):
    username = fields.String(
        required=True,
        validate=validate.Length(min=1, max=120),
        metadata={"label": "User name", "noun": "your user name", "autocomplete": "username", "width": 20},
    )
    code = fields.String(
        required=True,
        validate=validate.Regexp(_SIX, error="The one-time code is six digits."),
        metadata={
            "label": "One-time code",
            "hint": "The six digits that your authenticator app shows now",
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "width": 10,
        },
    )

    class Meta:
        fields = ("username", "code", "new_password", "new_password_again")


class CodesInput(Input):
    code = fields.String(
        required=True,
        validate=validate.Regexp(_SIX, error="The one-time code is six digits."),
        metadata={
            "label": "One-time code of the new app",
            "hint": "The six digits that the app shows now for ViSOR",
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "width": 10,
        },
    )
    shown_secret = fields.String(
        load_default="", validate=validate.Length(max=100), metadata={"widget": "hidden"}
    )
    shown_address = fields.String(
        load_default="", validate=validate.Length(max=500), metadata={"widget": "hidden"}
    )


class CodesOptionsAnswer(Answer):
    secret = fields.String()
    address = fields.String(metadata={"description": "otpauth: address, for an app that reads one"})


class StepAnswer(Answer):
    asks_attestation = fields.Boolean()
    passkey = fields.String(metadata={"description": "PublicKeyCredentialRequestOptions as JSON, or empty"})


class OpenedAnswer(Answer):
    session_id = fields.UUID()
    scope = fields.String(metadata={"description": "full, or onboarding for who has not signed SyOPs"})


class RecoveryCodeAnswer(Answer):
    username = fields.String()
    code = fields.String()
    link = fields.String()
    expires_at = fields.AwareDateTime()
