"""What terminal commands take and their pages show."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.identity.finders import ANY_UNIT, OWN_PRISONS
from services.identity.terminals.checklist import every_item, standards
from services.identity.terminals.rules import CHOSEN, WITHDRAWN
from shared.web.schemas import Answer, Input

STATUSES = ["registered", "assessed", "approved", "withdrawn"]
ROOM = {"label": "Room", "hint": "Where exactly it stands, as in “Offender Management Unit, office 3”"}


def _items(_context: object) -> list[tuple[str, str, str]]:
    return [(item.code, item.text, f"Clause {item.clause}, SyOPs {item.syops}") for item in every_item()]


def met_field() -> fields.List[str]:
    return fields.List(
        fields.String(validate=validate.OneOf([item.code for item in every_item()])),
        load_default=list,
        metadata={
            "label": "Which of these are met",
            "legend": "Physical security requirements",
            "hint": "Tick each requirement that is met. What is left unticked counts as not met and keeps the"
            " terminal from being approved.",
            "widget": "checkboxes",
            "options": _items,
        },
    )


class RegisterInput(Input):
    asset_tag = fields.String(
        required=True,
        validate=validate.Regexp(
            r"^[A-Za-z0-9][A-Za-z0-9._/-]{1,39}$",
            error="An asset tag has letters, digits, dots, hyphens and slashes, at least two of them.",
        ),
        metadata={"label": "Asset tag", "width": 20},
    )
    unit = fields.String(
        required=True,
        validate=validate.Length(min=1, max=40),
        metadata={"label": "Prison", "noun": "the prison", "finder": OWN_PRISONS},
    )
    room = fields.String(required=True, validate=validate.Length(min=2, max=100), metadata=ROOM)
    certificate_fingerprint = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(
            r"^([0-9a-f]{2}:?){31}[0-9a-f]{2}$",
            flags=2,  # re.IGNORECASE
            error="A SHA-256 fingerprint has 64 hexadecimal digits.",
        ),
        metadata={
            "label": "Fingerprint of its client certificate",
            "hint": "SHA-256; only where the machine has a certificate. Others get a device key.",
        },
    )


class TerminalAnswer(Answer):
    id = fields.UUID()
    asset_tag = fields.String()
    unit = fields.String()
    room = fields.String()
    status = fields.String()


class AssessInput(Input):
    """PF-6.4.2; the local IT manager's signature is asked for where the terminal moved (PSI-5.3.8.2)."""

    met = met_field()
    standards = fields.List(
        fields.String(validate=validate.OneOf([one.code for one in standards()])),
        required=True,
        validate=validate.Length(min=1, error="Say against which standards the place was held."),
        metadata={
            "label": "Standards",
            "legend": "Standards that the place was held against",
            "noun": "the standards",
            "widget": "checkboxes",
            "options": [(one.code, one.name, f"Clause {one.clause}") for one in standards()],
        },
    )
    note = fields.String(
        load_default="",
        validate=validate.Length(max=2000),
        metadata={
            "label": "What was found",
            "hint": "About the place, not about people",
            "widget": "textarea",
        },
    )
    it_manager = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=200),
        metadata={
            "label": "Local IT manager",
            "section": "Sign-off by the local IT manager, where the terminal moved",
            "hint": "Who signed for the new place",
        },
    )
    it_reference = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=200),
        metadata={"label": "Reference of the sign-off", "width": 20},
    )
    it_signed_on = fields.Date(load_default=None, allow_none=True, metadata={"label": "Date of the sign-off"})

    @validates_schema
    def whole(self, data: dict[str, Any], **_more: Any) -> None:
        if "syops" not in data["standards"]:
            raise ValidationError("SyOPs must be among the standards (PF-6.4).", "standards")
        signed = [data["it_manager"], data["it_reference"], data["it_signed_on"]]
        if any(signed) and not all(signed):
            raise ValidationError("Give the name, the reference and the date of the sign-off.", "it_manager")


class DecideInput(Input):
    note = fields.String(
        load_default="",
        validate=validate.Length(max=2000),
        metadata={"label": "Note", "hint": "About the place, not about people", "widget": "textarea"},
    )


class DeclineInput(Input):
    note = fields.String(
        required=True,
        validate=validate.Length(min=5, max=2000),
        metadata={"label": "Why it is declined, and what has to change", "widget": "textarea"},
    )


class MoveInput(Input):
    unit = fields.String(
        required=True,
        validate=validate.Length(min=1, max=40),
        metadata={"label": "Prison", "noun": "the prison", "finder": OWN_PRISONS},
    )
    room = fields.String(
        required=True, validate=validate.Length(min=2, max=100), metadata={**ROOM, "label": "New room"}
    )


class WithdrawInput(Input):
    reason_code = fields.String(
        required=True,
        validate=validate.OneOf(CHOSEN),
        metadata={"label": "Why", "options": [(code, WITHDRAWN[code]) for code in CHOSEN]},
    )


class AssureInput(Input):
    met = met_field()


class EnrolInput(Input):
    """Typed at the terminal itself, where nobody is signed in."""

    asset_tag = fields.String(
        required=True,
        validate=validate.Length(min=1, max=40),
        metadata={"label": "Asset tag", "hint": "It stands on the machine", "width": 20},
    )
    code = fields.String(
        required=True,
        validate=validate.Length(min=4, max=40),
        metadata={"label": "Enrolment code", "hint": "From the CPC or the ViSOR lead", "width": 20},
    )


class ListInput(Input):
    status = fields.String(
        load_default="any",
        validate=validate.OneOf(["any", *STATUSES, "overdue"], error="Choose a status from the list."),
        metadata={
            "label": "Status",
            "widget": "select",
            "options": [
                ("any", "Any"),
                ("assessed", "Awaiting approval"),
                ("approved", "Approved"),
                ("registered", "Registered"),
                ("withdrawn", "Withdrawn"),
                ("overdue", "Assurance overdue"),
            ],
        },
    )
    unit = fields.String(
        load_default="",
        validate=validate.Length(max=40),
        metadata={
            "label": "Unit",
            "hint": "Part of its name, or its code; units below it count too",
            "width": 20,
        },
    )
    page = fields.Integer(
        load_default=1, validate=validate.Range(min=1, max=10_000), metadata={"widget": "none"}
    )


class PersonAnswer(Answer):
    name = fields.String()
    card_url = fields.String()


class AssessmentAnswer(Answer):
    id = fields.UUID()
    room = fields.String()
    answers = fields.Dict(keys=fields.String(), values=fields.Boolean())
    not_met = fields.List(fields.String())
    standards = fields.List(fields.String())
    note = fields.String()
    assessed_at = fields.AwareDateTime()
    assessor = fields.Nested(PersonAnswer, allow_none=True)
    vouched_at = fields.AwareDateTime(allow_none=True)
    voucher = fields.Nested(PersonAnswer, allow_none=True)
    it_manager = fields.String(allow_none=True)
    it_reference = fields.String(allow_none=True)
    it_signed_on = fields.Date(allow_none=True)
    outcome = fields.String(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    decider = fields.Nested(PersonAnswer, allow_none=True)
    decision_note = fields.String(allow_none=True)


class TerminalLine(TerminalAnswer):
    unit_name = fields.String()
    approved_at = fields.AwareDateTime(allow_none=True)
    reassure_by = fields.Date(allow_none=True)
    overdue = fields.Boolean()
    withdrawn_reason = fields.String(allow_none=True)
    enrolled_at = fields.AwareDateTime(allow_none=True)


class TerminalsAnswer(Answer):
    terminals = fields.List(fields.Nested(TerminalLine))
    page = fields.Integer()
    pages = fields.Integer()
    total = fields.Integer()


class TerminalWhole(TerminalLine):
    assessments = fields.List(fields.Nested(AssessmentAnswer))
    may_look_after = fields.Boolean()
    may_decide = fields.Boolean()
    may_vouch = fields.Boolean()
    why_not_approved = fields.String(allow_none=True)


class CodeAnswer(Answer):
    """Nothing of the code itself: an answer may be remembered for a second sending."""

    terminal_id = fields.UUID()


class WifiInput(Input):
    """PF-6.6.2: scope, from and to, and the extra security provision that it is granted for."""

    unit = fields.String(
        required=True,
        validate=validate.Length(min=1, max=40),
        metadata={
            "label": "For which unit",
            "hint": "Units below it count too",
            "noun": "the unit",
            "finder": ANY_UNIT,
        },
    )
    provision = fields.String(
        required=True,
        validate=validate.Length(min=10, max=2000),
        metadata={"label": "Extra security provision", "widget": "textarea"},
    )
    valid_from = fields.Date(required=True, metadata={"label": "First day"})
    valid_to = fields.Date(required=True, metadata={"label": "Last day"})


class EndWifiInput(Input):
    reason = fields.String(
        required=True,
        validate=validate.Length(min=5, max=500),
        metadata={"label": "Why it ends now", "widget": "textarea"},
    )


class WifiAnswer(Answer):
    id = fields.UUID()
    unit = fields.String()
    unit_name = fields.String()
    provision = fields.String()
    valid_from = fields.Date()
    valid_to = fields.Date()
    ended_at = fields.AwareDateTime(allow_none=True)
    granter = fields.Nested(PersonAnswer, allow_none=True)
    state = fields.String()


class WifisAnswer(Answer):
    grants = fields.List(fields.Nested(WifiAnswer))
    may_grant = fields.Boolean()
