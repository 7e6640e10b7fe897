"""What goes into and comes out of a sharing."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate

from services.records.sharing import choices
from services.records.sharing.rules import DEPARTMENTS
from shared.web.schemas import Answer, Input


def said(text: str) -> None:
    if not text.strip():
        raise ValidationError("Enter what was shared")


class NewSharing(Input):
    department = fields.String(
        required=True,
        validate=validate.OneOf(list(DEPARTMENTS)),
        metadata={
            "label": "With which department?",
            "noun": "the department",
            "widget": "select",
            "options": list(DEPARTMENTS.items()),
        },
    )
    department_name = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"label": "Name of the department, if it is not in the list", "widget": "text"},
    )
    shared_at = fields.AwareDateTime(
        required=True,
        metadata={"label": "When was it shared?", "noun": "when it was shared", "widget": "datetime"},
    )
    what = fields.String(
        required=True,
        validate=[validate.Length(1, 4_000), said],
        metadata={
            "label": "What was shared?",
            "noun": "what was shared",
            "hint": "The risk information itself, as you passed it on.",
            "widget": "textarea",
            "rows": 6,
        },
    )
    reports = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=100),
        metadata={
            "label": "Intelligence that it draws on",
            "hint": "Intelligence with handling code C is not in this list: it is for its named readers alone.",
            "widget": "checkboxes",
            "options": choices.reports,
        },
    )


class SharingAnswer(Answer):
    """`what` is None where the nominal's key was destroyed."""

    id = fields.UUID()
    nominal_id = fields.UUID()
    department = fields.String()
    department_name = fields.String(allow_none=True)
    what = fields.String(allow_none=True)
    reports = fields.List(fields.UUID())
    shared_at = fields.AwareDateTime()
    shared_by = fields.UUID()
    agency = fields.String()
    unit = fields.String()
    entered_at = fields.AwareDateTime()


class SharingList(Answer):
    sharings = fields.List(fields.Nested(SharingAnswer))
