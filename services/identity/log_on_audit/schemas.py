"""What log-on audits take and answer."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.log_on_audit.rules import LARGEST_SAMPLE
from shared.web.schemas import Answer, Input

COMPLIES = [("yes", "Yes"), ("partly", "In part"), ("no", "No")]


class BeginInput(Input):
    period_from = fields.Date(
        required=True, metadata={"label": "First day of the period", "noun": "the first day"}
    )
    period_to = fields.Date(
        required=True, metadata={"label": "Last day of the period", "noun": "the last day"}
    )
    sample = fields.Integer(
        required=True,
        validate=validate.Range(1, LARGEST_SAMPLE, error=f"Take between 1 and {LARGEST_SAMPLE} people."),
        metadata={
            "label": "How many people to sample",
            "hint": "They are drawn by chance from everybody of the unit",
            "width": 4,
            "inputmode": "numeric",
        },
    )


class BeginDueInput(Input):
    sample = fields.Integer(
        required=True,
        validate=validate.Range(1, LARGEST_SAMPLE, error=f"Take between 1 and {LARGEST_SAMPLE} people."),
        metadata={
            "label": "How many people to sample",
            "hint": "They are drawn by chance from everybody of the group",
            "width": 4,
            "inputmode": "numeric",
        },
    )


class CompleteInput(Input):
    findings = fields.String(
        required=True,
        validate=validate.Length(5, 4000),
        metadata={"label": "What you found", "widget": "textarea", "rows": 8},
    )
    complies = fields.String(
        required=True,
        validate=validate.OneOf([value for value, _ in COMPLIES]),
        metadata={
            "label": "Does usage comply with the business model?",
            "widget": "radios",
            "options": COMPLIES,
        },
    )
    actions = fields.String(
        load_default="",
        validate=validate.Length(max=4000),
        metadata={"label": "What is to be done, by whom and by when", "widget": "textarea"},
    )


class PagedInput(Input):
    page = fields.Integer(load_default=1, validate=validate.Range(1, 500), metadata={"widget": "none"})


class AuditIdAnswer(Answer):
    id = fields.UUID()
    unit = fields.String()
    state = fields.String()


class AuditLineAnswer(Answer):
    person_id = fields.UUID()
    name = fields.String()
    card_url = fields.String()
    last_log_on = fields.AwareDateTime(allow_none=True)
    log_ons = fields.Integer()
    refused = fields.Integer()
    todo_opened_on = fields.Date(allow_none=True)


class WhoAnswer(Answer):
    name = fields.String()
    card_url = fields.String()


class AuditAnswer(Answer):
    id = fields.UUID()
    unit = fields.String()
    unit_name = fields.String()
    state = fields.String()
    period_from = fields.Date()
    period_to = fields.Date()
    due_on = fields.Date(allow_none=True)
    findings = fields.String(allow_none=True)
    actions = fields.String(allow_none=True)
    complies = fields.String(allow_none=True)
    begun = fields.Nested(WhoAnswer, allow_none=True)
    completed = fields.Nested(WhoAnswer, allow_none=True)
    completed_at = fields.AwareDateTime(allow_none=True)
    signed = fields.Nested(WhoAnswer, allow_none=True)
    signed_at = fields.AwareDateTime(allow_none=True)
    sample = fields.List(fields.Nested(AuditLineAnswer))
    may_sign = fields.Boolean()


class AuditRowAnswer(Answer):
    id = fields.UUID()
    unit = fields.String()
    unit_name = fields.String()
    state = fields.String()
    period_from = fields.Date()
    period_to = fields.Date()
    due_on = fields.Date(allow_none=True)


class AuditsAnswer(Answer):
    audits = fields.List(fields.Nested(AuditRowAnswer))
    page = fields.Integer()
    more = fields.Boolean()


class SupervisionInput(Input):
    day = fields.Date(required=True, metadata={"label": "Date of the supervision", "noun": "the date"})


class SupervisionAnswer(Answer):
    id = fields.UUID()
    day = fields.Date()


class MemberAnswer(Answer):
    person_id = fields.UUID()
    name = fields.String()
    card_url = fields.String()
    unit_name = fields.String()
    last_log_on = fields.AwareDateTime(allow_none=True)
    in_30 = fields.Integer()
    todo_opened = fields.Date(allow_none=True)
    flag = fields.String(allow_none=True)
    supervision = fields.Date(allow_none=True)
    prepared = fields.Boolean(allow_none=True)


class TeamAnswer(Answer):
    team = fields.List(fields.Nested(MemberAnswer))
    page = fields.Integer()
    more = fields.Boolean()
