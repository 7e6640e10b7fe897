"""What goes into and comes out of audits and checks."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate

from services.records.quality import choices
from services.records.quality.rules import (
    KINDS,
    LARGEST_SAMPLE,
    LONGEST_QUESTIONS,
    RESULTS,
    SAMPLE,
    STATES,
    VERDICTS,
)
from shared.web.schemas import Answer, Input

LONGEST_QUESTION = 200
LEVELS = [("low", "Low"), ("medium", "Medium"), ("high", "High"), ("very_high", "Very high")]


def said(text: str) -> None:
    if not text.strip():
        raise ValidationError("Write something")


def questions(text: str) -> None:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise ValidationError("Write one question a line")
    if len(lines) > LONGEST_QUESTIONS or max(map(len, lines)) > LONGEST_QUESTION:
        raise ValidationError(f"At most {LONGEST_QUESTIONS} questions of {LONGEST_QUESTION} characters each")


class NewTemplate(Input):
    title = fields.String(
        required=True, validate=[validate.Length(3, 120), said], metadata={"label": "Name of the audit tool"}
    )
    questions = fields.String(
        required=True,
        validate=[validate.Length(1, 9_000), questions],
        metadata={
            "label": "Questions",
            "hint": "One a line. Each is answered for each record: in order, missing or out of date.",
            "widget": "textarea",
            "rows": 10,
        },
    )


def _sample() -> fields.Integer:
    return fields.Integer(
        load_default=SAMPLE,
        validate=validate.Range(1, LARGEST_SAMPLE),
        metadata={"label": "How many records?", "hint": "Drawn at random", "width": 3},
    )


class NewAudit(Input):
    unit = fields.String(
        required=True,
        validate=validate.Length(1, 40),
        metadata={
            "label": "Whose records?",
            "noun": "whose records",
            "widget": "select",
            "options": choices.units,
        },
    )
    template_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "Audit tool",
            "hint": "Without one the minimum dataset is audited",
            "widget": "select",
            "options": choices.templates,
        },
    )
    auditor_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "Who audits?",
            "hint": "Without a name you do it yourself",
            "widget": "select",
            "options": choices.auditors,
        },
    )
    sample = _sample()
    due_on = fields.Date(load_default=None, allow_none=True, metadata={"label": "Report by"})


class NewLeadCheck(Input):
    sample = _sample()


class Answered(Input):
    """`answers`: question → ok, missing or stale."""

    answers = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, metadata={"widget": "none"}
    )
    comment = fields.String(
        load_default="",
        validate=validate.Length(max=2_000),
        metadata={"label": "What is to be put right?", "widget": "textarea"},
    )


class Submitted(Input):
    words = fields.String(
        load_default="",
        validate=validate.Length(max=4_000),
        metadata={
            "label": "Findings and feedback",
            "hint": "The CPC reads this. Name nobody of the sample.",
            "widget": "textarea",
        },
    )


class SentBack(Input):
    words = fields.String(
        required=True,
        validate=[validate.Length(1, 4_000), said],
        metadata={
            "label": "What is to be done again?",
            "noun": "what is to be done again",
            "widget": "textarea",
        },
    )


class RecordCheckInput(Input):
    """The four items as nDelius and OASys have them now."""

    risk_level = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf([code for code, _ in LEVELS]),
        metadata={"label": "Risk level in OASys", "widget": "select", "empty": "None", "options": LEVELS},
    )
    address = fields.String(
        load_default="",
        validate=validate.Length(max=300),
        metadata={"label": "Current address in nDelius", "hint": "The postcode is enough"},
    )
    level = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf([1, 2, 3]),
        metadata={
            "label": "MAPPA level in nDelius",
            "widget": "select",
            "empty": "None",
            "options": [("1", "Level 1"), ("2", "Level 2"), ("3", "Level 3")],
        },
    )
    oasys = fields.Date(load_default=None, allow_none=True, metadata={"label": "Date of the latest OASys"})
    used = fields.String(
        required=True,
        validate=[validate.Length(1, 4_000), said],
        metadata={
            "label": "How does the practitioner use what ViSOR knows in assessments and plans?",
            "noun": "how the practitioner uses it",
            "widget": "textarea",
        },
    )
    practitioner_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"label": "Practitioner", "widget": "select", "options": choices.practitioners},
    )
    supervision_on = fields.Date(
        load_default=None, allow_none=True, metadata={"label": "Date of the supervision that this is for"}
    )


class TemplateAnswer(Answer):
    id = fields.UUID()
    title = fields.String()
    questions = fields.List(fields.String())
    retired_at = fields.AwareDateTime(allow_none=True)


class AuditAnswer(Answer):
    id = fields.UUID()
    kind = fields.String(validate=validate.OneOf(list(KINDS)))
    unit = fields.String()
    title = fields.String()
    state = fields.String(validate=validate.OneOf(list(STATES)))
    auditor_id = fields.UUID()
    assigned_by = fields.UUID()
    assigned_at = fields.AwareDateTime()
    due_on = fields.Date(allow_none=True)
    seed = fields.Integer()
    population = fields.Integer()
    of_id = fields.UUID(allow_none=True)
    submission = fields.Integer()
    differing = fields.Integer(allow_none=True)
    submitted_at = fields.AwareDateTime(allow_none=True)
    signed_by = fields.UUID(allow_none=True)
    signed_at = fields.AwareDateTime(allow_none=True)


class ItemAnswer(Answer):
    id = fields.UUID()
    audit_id = fields.UUID()
    nominal_id = fields.UUID()
    place = fields.Integer()
    answers = fields.Dict(
        keys=fields.String(), values=fields.String(validate=validate.OneOf(list(VERDICTS))), allow_none=True
    )
    checked_at = fields.AwareDateTime(allow_none=True)


class AuditWhole(AuditAnswer):
    words = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)
    items = fields.List(fields.Nested(ItemAnswer))


class AuditList(Answer):
    audits = fields.List(fields.Nested(AuditAnswer))
    templates = fields.List(fields.Nested(TemplateAnswer))


class ItemWhole(ItemAnswer):
    """`suggested` is what the register itself would say, while the reader `may_answer`."""

    questions = fields.List(fields.List(fields.String()))
    suggested = fields.Dict(keys=fields.String(), values=fields.String())
    may_answer = fields.Boolean()
    comment = fields.String(allow_none=True)


class RecordCheckAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    unit = fields.String()
    practitioner_id = fields.UUID(allow_none=True)
    supervision_on = fields.Date(allow_none=True)
    results = fields.Dict(keys=fields.String(), values=fields.String(validate=validate.OneOf(list(RESULTS))))
    differing = fields.Integer()
    checked_by = fields.UUID()
    checked_at = fields.AwareDateTime()


class RecordCheckWhole(RecordCheckAnswer):
    record = fields.Dict()
    other = fields.Dict()
    used = fields.String(allow_none=True)
