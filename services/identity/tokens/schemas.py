"""What token commands take."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.tokens.rules import TOKENS
from shared.web.schemas import Answer, Input

TOKEN_OPTIONS = [
    ("partner", "Partner", "searches, is made partner, views and updates partnered records"),
    ("create", "Create", "creates nominal records; never in a prison"),
    ("manager", "Manager", "is manager of records; never in a prison"),
    ("supervisor", "Supervisor", "supervises records and signs off risk assessments"),
    ("lpc", "Local Point of Contact", "one for each unit"),
    ("central_support", "Central Support", "needs NPPV level 3"),
    ("cpc", "Central Point of Contact", "one for each area, group or force; needs NPPV level 3"),
    ("read_only", "Read only", "middle managers, 2009"),
    ("admin", "Administrator", "accounts only, no nominal; needs NPPV level 3"),
]


def _reason(label: str) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(min=5, max=500),
        metadata={"label": label, "widget": "textarea"},
    )


def _authority() -> fields.String:
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=500),
        metadata={
            "label": "On whose authority",
            "hint": "Administrators only: who authorised it, and where that is recorded",
        },
    )


class GrantInput(Input):
    token = fields.String(required=True, validate=validate.OneOf(TOKENS), metadata={"options": TOKEN_OPTIONS})
    unit = fields.String(
        required=True,
        validate=validate.Length(min=1, max=40),
        metadata={
            "label": "For which unit",
            "hint": "The unit’s code, as in pdu-N55LEE, area-53, prison-WSI",
            "width": 20,
        },
    )
    valid_from = fields.Date(
        load_default=None, allow_none=True, metadata={"label": "From", "hint": "Leave empty for today"}
    )
    valid_to = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"label": "Last day", "hint": "Leave empty where no end is planned"},
    )
    reason = _reason("Why it is needed")
    authority = _authority()
    hand_over = fields.Boolean(
        load_default=False,
        metadata={"label": "End the present CPC’s token in the same step", "legend": "Hand-over"},
    )


class GrantAnswer(Answer):
    id = fields.UUID()


class EndInput(Input):
    reason = _reason("Why it ends")
    authority = _authority()
