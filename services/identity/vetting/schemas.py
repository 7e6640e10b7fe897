"""What vetting commands take."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.identity.vetting.rules import LEVELS, NPPV
from shared.web.schemas import Input

KINDS = [
    ("nppv2", "NPPV level 2"),
    ("nppv3", "NPPV level 3"),
    ("police_rv", "Police recruit vetting"),
    ("police_mv", "Police management vetting"),
    ("sc", "Security Check"),
]


class RecordInput(Input):
    kind = fields.String(
        required=True,
        validate=validate.OneOf([kind for kind in LEVELS if LEVELS[kind]]),
        metadata={"label": "Kind of vetting", "options": KINDS},
    )
    reference = fields.String(required=True, validate=validate.Length(min=1, max=100), metadata={"width": 20})
    vetting_force = fields.String(
        required=True, validate=validate.Length(min=1, max=150), metadata={"label": "Vetting force"}
    )
    sro_reference = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=100),
        metadata={
            "label": "Authorisation by the senior responsible owner",
            "hint": "Only for vetting other than NPPV",
            "width": 20,
        },
    )
    cleared_on = fields.Date(required=True, metadata={"label": "Cleared on"})
    expires_on = fields.Date(
        required=True,
        metadata={
            "label": "Expires on",
            "hint": "The account is disabled from this day, unless it is renewed",
        },
    )

    @validates_schema
    def check(self, data: dict[str, Any], **_more: Any) -> None:
        if data["expires_on"] <= data["cleared_on"]:
            raise ValidationError("The day it expires must be after the day it was cleared.", "expires_on")
        if data["kind"] not in NPPV and not data["sro_reference"]:
            raise ValidationError(
                "Vetting other than NPPV counts only with the authorisation of the senior responsible owner.",
                "sro_reference",
            )


class RevokeInput(Input):
    reason = fields.String(
        required=True,
        validate=validate.Length(min=10, max=500),
        metadata={"label": "Why the vetting is revoked", "widget": "textarea"},
    )
