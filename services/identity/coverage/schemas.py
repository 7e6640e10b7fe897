"""What coverage takes and answers."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.reports.columns import Named
from shared.web.schemas import Answer, Input


class AssureInput(Input):
    month = fields.Date(
        required=True,
        metadata={
            "label": "Month",
            "hint": "Any day of it. For example, 1 11 2026",
            "noun": "a day of the month",
        },
    )
    completed = fields.Boolean(
        required=True,
        metadata={
            "label": "Are the tasks being completed?",
            "widget": "radios",
            "options": [("true", "Yes"), ("false", "No")],
        },
    )
    note = fields.String(
        load_default="",
        validate=validate.Length(max=1000),
        metadata={"label": "What the CPC and the Governor should know", "widget": "textarea"},
    )


class PracticeInput(Input):
    title = fields.String(
        required=True, validate=validate.Length(5, 200), metadata={"label": "What the practice is called"}
    )
    text = fields.String(
        required=True,
        validate=validate.Length(10, 2000),
        metadata={"label": "What is done differently here", "widget": "textarea"},
    )
    in_force_from = fields.Date(
        required=True, metadata={"label": "In force from", "noun": "the day it is in force from"}
    )
    complies = fields.Boolean(
        load_default=False,
        metadata={"label": "I have checked that it complies with relevant legislation", "widget": "checkbox"},
    )
    equality_checked = fields.Boolean(
        load_default=False,
        metadata={"label": "I have checked it against the Equality Act 2010", "widget": "checkbox"},
    )


class KeptAnswer(Answer):
    id = fields.UUID()
    unit = fields.String()


class SlotAnswer(Answer):
    unit = fields.String()
    unit_name = fields.String()
    post = fields.String()
    number = fields.Integer()
    holders = fields.List(fields.Nested(Named))
    state = fields.String()
    gap = fields.Date(allow_none=True)
    successor = fields.String(allow_none=True)
    warnings = fields.List(fields.String())


class CoverAnswer(Answer):
    """One who could stand in: vetted, trained, and with which tokens (PF-5.6.1)."""

    id = fields.UUID()
    name = fields.String()
    card_url = fields.String()
    job_title = fields.String()
    vetted = fields.Boolean()
    trained = fields.Boolean()
    tokens = fields.List(fields.String())


class AssuranceAnswer(Answer):
    month = fields.Date()
    completed = fields.Boolean()
    note = fields.String()
    name = fields.String()
    person_id = fields.UUID()


class PracticeAnswer(Answer):
    id = fields.UUID()
    unit = fields.String()
    unit_name = fields.String()
    title = fields.String()
    text = fields.String()
    in_force_from = fields.Date()
    complies = fields.Boolean()
    equality_checked = fields.Boolean()
    ended_on = fields.Date(allow_none=True)
    name = fields.String()
    person_id = fields.UUID()


class UnitCoverageAnswer(Answer):
    unit = fields.String()
    unit_name = fields.String()
    slots = fields.List(fields.Nested(SlotAnswer))
    cover = fields.List(fields.Nested(CoverAnswer))
    alone = fields.Nested(Named, allow_none=True)
    assurances = fields.List(fields.Nested(AssuranceAnswer))
    assurance_due = fields.Boolean()
    practices = fields.List(fields.Nested(PracticeAnswer))
    may_assure = fields.Boolean()
    may_note = fields.Boolean()


class PracticesAnswer(Answer):
    practices = fields.List(fields.Nested(PracticeAnswer))
