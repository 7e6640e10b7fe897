"""What vetting commands take, and what their queries answer."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.people.schemas import CardAnswer
from services.identity.vetting.choices import kinds
from shared.web.schemas import Answer, Input

LEVELS = [("2", "NPPV level 2"), ("3", "NPPV level 3")]


def _kind() -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(min=1, max=20),
        metadata={
            "label": "Kind of vetting",
            "options": kinds,
        },
    )


def _force() -> fields.String:
    return fields.String(
        required=True, validate=validate.Length(min=1, max=150), metadata={"label": "Vetting force"}
    )


def _reason(label: str) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(min=10, max=500),
        metadata={"label": label, "widget": "textarea"},
    )


class RecordInput(Input):
    kind = _kind()
    reference = fields.String(required=True, validate=validate.Length(min=1, max=100), metadata={"width": 20})
    vetting_force = _force()
    evidence = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=150),
        metadata={"label": "Evidence", "hint": "Where the certificate or letter is kept", "width": 30},
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
    cleared_on = fields.Date(
        required=True, metadata={"label": "Cleared on", "noun": "the day of the clearance"}
    )
    expires_on = fields.Date(
        required=True,
        metadata={
            "label": "Expires on",
            "noun": "the day it expires",
            "hint": "The account is disabled from this day, unless it is renewed",
        },
    )


class RevokeInput(Input):
    reason = _reason("Why the vetting is revoked")


class ApplyInput(Input):
    kind = _kind()
    vetting_force = _force()
    applied_on = fields.Date(
        required=True, metadata={"label": "Applied on", "noun": "the day of the application"}
    )


class DecideInput(Input):
    outcome = fields.String(
        required=True,
        validate=validate.OneOf(["refused", "withdrawn"]),
        metadata={
            "label": "What became of it",
            "options": [("refused", "Refused"), ("withdrawn", "Withdrawn")],
        },
    )
    decided_on = fields.Date(
        required=True, metadata={"label": "Decided on", "noun": "the day of the decision"}
    )


class ExceptionInput(Input):
    level = fields.Integer(
        required=True,
        validate=validate.OneOf([2, 3]),
        metadata={
            "label": "Stands in for",
            "noun": "what it stands in for",
            "options": LEVELS,
            "widget": "radios",
        },
    )
    first_day = fields.Date(required=True, metadata={"label": "First day"})
    last_day = fields.Date(required=True, metadata={"label": "Last day"})
    reason = _reason("Why an exception is needed")


class ProposeInput(Input):
    """Every column of a kind of vetting, as it shall be."""

    code = fields.String(
        required=True,
        validate=validate.Regexp(
            r"^[a-z][a-z0-9_]{1,19}$", error="A code has small letters, digits and underscores."
        ),
        metadata={
            "label": "Code",
            "hint": "A known code changes that kind; a new one adds a kind",
            "width": 10,
        },
    )
    name = fields.String(required=True, validate=validate.Length(min=3, max=100))
    level = fields.Integer(
        required=True,
        validate=validate.OneOf([0, 2, 3]),
        metadata={
            "label": "Worth",
            "noun": "what it is worth",
            "options": [("0", "No NPPV level"), *LEVELS],
            "widget": "radios",
        },
    )
    scheme = fields.String(
        required=True,
        validate=validate.OneOf(["nppv2023", "legacy2009"]),
        metadata={
            "label": "Scheme",
            "options": [("nppv2023", "NPPV, from 2023"), ("legacy2009", "2009, historical")],
        },
    )
    accepted_from = fields.Date(
        required=True, metadata={"label": "Accepted from", "noun": "the day it is accepted from"}
    )
    accepted_to = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"label": "Accepted to", "hint": "Leave empty while it is accepted"},
    )
    authority = fields.String(
        required=True,
        validate=validate.Length(min=5, max=150),
        metadata={"label": "Authority", "hint": "Who stipulates it, and where", "width": 30},
    )
    needs_sro = fields.Boolean(
        load_default=False,
        metadata={
            "label": "Counts only with an authorisation reference of the senior responsible owner",
            "legend": "Authorisation",
        },
    )
    reason = _reason("Why it changes")


class ProposedAnswer(Answer):
    id = fields.UUID()


class TypeAnswer(Answer):
    code = fields.String()
    name = fields.String()
    level = fields.Integer()
    scheme = fields.String()
    accepted_from = fields.Date()
    accepted_to = fields.Date(allow_none=True)
    authority = fields.String()
    needs_sro = fields.Boolean()
    beside = fields.String(allow_none=True)
    accepted = fields.Boolean()


class ChangeAnswer(Answer):
    id = fields.UUID()
    code = fields.String()
    wanted = fields.Dict()
    reason = fields.String()
    proposer = fields.Nested(CardAnswer)
    proposed_at = fields.AwareDateTime()
    may_decide = fields.Boolean()


class TypesAnswer(Answer):
    types = fields.List(fields.Nested(TypeAnswer))
    proposals = fields.List(fields.Nested(ChangeAnswer))
    may_propose = fields.Boolean()


class ExceptionAnswer(Answer):
    id = fields.UUID()
    person = fields.Nested(CardAnswer)
    level = fields.Integer()
    first_day = fields.Date()
    last_day = fields.Date()
    reason = fields.String()
    approver = fields.Nested(CardAnswer)
    state = fields.String()


class ExceptionsAnswer(Answer):
    exceptions = fields.List(fields.Nested(ExceptionAnswer))
    may_end = fields.Boolean()


class RecordAnswer(Answer):
    id = fields.UUID()
    kind = fields.String()
    kind_name = fields.String()
    level = fields.Integer()
    reference = fields.String()
    vetting_force = fields.String()
    evidence = fields.String(allow_none=True)
    sro_reference = fields.String(allow_none=True)
    cleared_on = fields.Date()
    expires_on = fields.Date()
    state = fields.String()


class ApplicationAnswer(Answer):
    id = fields.UUID()
    kind = fields.String()
    vetting_force = fields.String()
    applied_on = fields.Date()
    outcome = fields.String(allow_none=True)
    decided_on = fields.Date(allow_none=True)


class PersonVettingAnswer(Answer):
    person = fields.Nested(CardAnswer)
    level = fields.Integer()
    status = fields.String()
    records = fields.List(fields.Nested(RecordAnswer))
    exceptions = fields.List(fields.Nested(ExceptionAnswer))
    applications = fields.List(fields.Nested(ApplicationAnswer))
    priority = fields.Boolean()
    may_change = fields.Boolean()
    may_except = fields.Boolean()
    lead_warning = fields.Boolean()
    offer_central_support = fields.Boolean()


class QueueInput(Input):
    page = fields.Integer(
        load_default=1, validate=validate.Range(min=1, max=1000), metadata={"widget": "none"}
    )


class QueueLine(Answer):
    person = fields.Nested(CardAnswer)
    status = fields.String()
    expired_on = fields.Date(allow_none=True)
    priority = fields.Boolean()
    trained = fields.Boolean()


class QueueAnswer(Answer):
    people = fields.List(fields.Nested(QueueLine))
    total = fields.Integer()
    page = fields.Integer()
    pages = fields.Integer()
