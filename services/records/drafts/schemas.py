"""What comes out of the list of drafts."""

from __future__ import annotations

from marshmallow import fields

from services.records.search.schemas import LineAnswer
from shared.web.schemas import Answer


class DraftAnswer(Answer):
    """`line` is what the person may know of whom it is about; null where it is about nobody."""

    id = fields.UUID()
    title = fields.String()
    place = fields.String()
    saved_at = fields.AwareDateTime()
    until = fields.AwareDateTime()
    line = fields.Nested(LineAnswer, allow_none=True)


class DraftList(Answer):
    drafts = fields.List(fields.Nested(DraftAnswer))


class Discarded(Answer):
    """The form that it was a draft of."""

    place = fields.String()
