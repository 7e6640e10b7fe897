"""What the assurance log takes and shows."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.assurance.rules import KINDS, OUTCOMES
from shared.web.schemas import Answer, Input


class EntryInput(Input):
    happened_on = fields.Date(required=True, metadata={"label": "Date", "noun": "the date"})
    kind = fields.String(
        required=True,
        validate=validate.OneOf([code for code, _ in KINDS]),
        metadata={"label": "What kind", "options": list(KINDS)},
    )
    subject = fields.String(
        required=True,
        validate=validate.Length(min=3, max=500),
        metadata={"hint": "What was assured or approved; no nominal’s name", "widget": "text"},
    )
    outcome = fields.String(
        required=True,
        validate=validate.OneOf([code for code, _ in OUTCOMES]),
        metadata={"options": list(OUTCOMES)},
    )
    note = fields.String(
        load_default="", validate=validate.Length(max=1000), metadata={"label": "Note", "widget": "textarea"}
    )


class WrittenAnswer(Answer):
    id = fields.UUID()


class LogInput(Input):
    before = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class EntryAnswer(Answer):
    id = fields.UUID()
    happened_on = fields.Date()
    kind = fields.String()
    subject = fields.String()
    outcome = fields.String()
    note = fields.String()
    written_at = fields.AwareDateTime()
    writer_name = fields.String()
    card_url = fields.String()
    for_cpc = fields.String(allow_none=True)


class LogAnswer(Answer):
    unit = fields.String()
    unit_name = fields.String()
    entries = fields.List(fields.Nested(EntryAnswer))
    next_before = fields.UUID(allow_none=True)
    may_write = fields.Boolean()
