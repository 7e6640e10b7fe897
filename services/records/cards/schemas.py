"""One batch of cards."""

from __future__ import annotations

from marshmallow import fields, validate

from services.records.search.schemas import LineAnswer
from shared.web.schemas import Answer, Input

MOST = 200


class CardsInput(Input):
    nominal_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=MOST))


class CardsAnswer(Answer):
    """What the reader may not see is left out: it stays a bare reference on the page that asked."""

    cards = fields.List(fields.Nested(LineAnswer))
