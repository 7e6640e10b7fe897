"""What asking for a print takes, and what its pages show."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from services.records.printing.folders import folder_options
from services.records.printing.rules import FORMS, INTELLIGENCE, LEAVE_OUT, LONGEST_REASON, PARTS
from shared.web.schemas import Answer, Input


def _said(text: str) -> None:
    if not text.strip():
        raise ValidationError("Enter why you need it")


def _known_folder(key: str) -> None:
    if key not in {value for value, _ in folder_options()}:
        raise ValidationError("Select folders from the list")


def _options(_context: Any = None) -> list[tuple[str, str]]:
    return folder_options()


class NewPrint(Input):
    parts = fields.List(
        fields.String(validate=validate.OneOf(list(PARTS))),
        load_default=list,
        metadata={
            "label": "Parts of the record",
            "widget": "checkboxes",
            "options": list(PARTS.items()),
            "noun": "parts of the record",
        },
    )
    since = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"label": "Activity log from (optional)", "noun": "the first day of the activity log"},
    )
    through = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"label": "Activity log to (optional)", "noun": "the last day of the activity log"},
    )
    folders = fields.List(
        fields.String(validate=_known_folder),
        load_default=list,
        metadata={
            "label": "Only these folders of the attachments (optional)",
            "hint": "Where you choose none, all folders that hold something are in it.",
            "widget": "checkboxes",
            "classes": "govuk-checkboxes--small visor-columns",
            "options": _options,
            "noun": "folders",
        },
    )
    intelligence = fields.String(
        load_default=LEAVE_OUT,
        validate=validate.OneOf(list(INTELLIGENCE)),
        metadata={
            "label": "Intelligence in the attachments",
            "widget": "radios",
            "options": list(INTELLIGENCE.items()),
            "noun": "what becomes of intelligence",
        },
    )
    decision = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_REASON),
        metadata={
            "label": "Why the intelligence may be released",
            "hint": "Needed where it is included. Kept in the print log.",
            "widget": "textarea",
            "rows": 3,
        },
    )
    form = fields.String(
        load_default="pdf",
        validate=validate.OneOf(list(FORMS)),
        metadata={"label": "As", "widget": "radios", "options": list(FORMS.items()), "noun": "the form"},
    )
    reason = fields.String(
        required=True,
        validate=[validate.Length(1, LONGEST_REASON), _said],
        metadata={
            "label": "Why you need it",
            "hint": "Kept in the print log, which the owning CPC reads.",
            "noun": "why you need it",
            "widget": "textarea",
            "rows": 3,
        },
    )


class PrintAnswer(Answer):
    """`done` of `total` parts are gathered. `until` is when the file goes."""

    id = fields.UUID()
    nominal_id = fields.UUID()
    form = fields.String()
    parts = fields.List(fields.String())
    state = fields.String()
    done = fields.Integer()
    total = fields.Integer()
    why_failed = fields.String(allow_none=True)
    asked_at = fields.AwareDateTime()
    asked_by = fields.UUID()
    until = fields.AwareDateTime(allow_none=True)
    taken_at = fields.AwareDateTime(allow_none=True)


class PrintList(Answer):
    prints = fields.List(fields.Nested(PrintAnswer))
