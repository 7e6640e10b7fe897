"""What goes into and comes out of the activity log."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate

from services.records.activity_log.rules import ATTENTION, KINDS, LONGEST
from shared.web.schemas import Answer, Input


def written(text: str) -> None:
    """Blanks are no entry."""
    if not text.strip():
        raise ValidationError("Enter the entry")


class NewEntry(Input):
    kind = fields.String(
        required=True,
        validate=validate.OneOf(list(KINDS)),
        metadata={
            "label": "Type of entry",
            "noun": "the type of entry",
            "widget": "select",
            "options": list(KINDS.items()),
        },
    )
    text = fields.String(
        required=True,
        validate=[validate.Length(1, LONGEST), written],
        metadata={"label": "Entry", "noun": "the entry", "widget": "textarea", "rows": 8},
    )
    for_attention = fields.List(
        fields.String(validate=validate.OneOf(list(ATTENTION))),
        load_default=list,
        metadata={
            "label": "For the attention of",
            "hint": "Each of them gets a to-do item, marked important.",
            "widget": "checkboxes",
            "options": list(ATTENTION.items()),
        },
    )


class Page(Input):
    """`before` is the id of the last entry of the page before; the filters are by agency, author and type."""

    before = fields.UUID(load_default=None)
    kind = fields.String(load_default=None, validate=validate.OneOf(list(KINDS)), allow_none=True)
    agency = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    author_id = fields.UUID(load_default=None, allow_none=True)


class EntryAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    kind = fields.String()
    text = fields.String(
        allow_none=True, metadata={"description": "Null where the nominal's key was destroyed"}
    )
    author_id = fields.UUID()
    agency = fields.String()
    at = fields.AwareDateTime()
    for_attention = fields.List(fields.String())


class EntryPage(Answer):
    entries = fields.List(fields.Nested(EntryAnswer))
    next = fields.UUID(allow_none=True)
