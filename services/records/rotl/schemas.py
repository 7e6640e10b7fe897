"""What goes into and comes out of a check before temporary release."""

from __future__ import annotations

from marshmallow import fields, validate

from services.records.rotl.rules import OUTCOMES
from shared.web.schemas import Answer, Input


def _number() -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Regexp(r"^\s*[A-Za-z]\d{4}[A-Za-z]{2}\s*$", error="Like A1234BC"),
        metadata={"label": "Prison (NOMS) number", "noun": "the prison number", "width": 10},
    )


def _leave() -> fields.Date:
    return fields.Date(
        required=True, metadata={"label": "First day of the leave", "noun": "the first day of the leave"}
    )


class NewCheck(Input):
    outcome = fields.String(
        required=True,
        validate=validate.OneOf(list(OUTCOMES)),
        metadata={
            "label": "What did you find?",
            "noun": "what you found",
            "widget": "radios",
            "options": [
                ("no_risk", "No risk that speaks against leave"),
                ("risk", "A risk, described below"),
                ("referred", "Something for the owner of the record, who is told"),
            ],
        },
    )
    text = fields.String(
        load_default="",
        validate=validate.Length(max=4_000),
        metadata={
            "label": "The risk, or what the owner is to look at",
            "hint": "Only those who may read the record read this.",
            "widget": "textarea",
        },
    )


class NewApproval(Input):
    noms = _number()
    leave_on = _leave()


class ToldApproval(NewApproval):
    """From the prisons' own system, which names the prison by its code."""

    prison = fields.String(required=True, validate=validate.Regexp(r"^[A-Z0-9]{3,4}$"))


class CheckAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    prison = fields.String()
    outcome = fields.String(validate=validate.OneOf(list(OUTCOMES)))
    checked_by = fields.UUID()
    checked_at = fields.AwareDateTime()


class ApprovalAnswer(Answer):
    """`outcome` is what the check found, never its words; `no_record` where the register does not know the person."""

    id = fields.UUID(allow_none=True)
    leave_on = fields.Date()
    outcome = fields.String(validate=validate.OneOf([*OUTCOMES, "no_record"]))
    checked_at = fields.AwareDateTime(allow_none=True)


class CheckWhole(CheckAnswer):
    text = fields.String(allow_none=True)
    lasts_until = fields.Date()


class ApprovalLine(Answer):
    id = fields.UUID()
    check_id = fields.UUID()
    prison = fields.String()
    leave_on = fields.Date()
    approved_by = fields.UUID()
    approved_at = fields.AwareDateTime()


class ChecksAnswer(Answer):
    checks = fields.List(fields.Nested(CheckWhole))
    approvals = fields.List(fields.Nested(ApprovalLine))
    may_check = fields.Boolean()
