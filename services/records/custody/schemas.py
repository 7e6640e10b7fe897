"""The envelope of a prison message, and what we say to it."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields, validate

from shared.web.schemas import Answer, Input

MAXIMUM = 100_000


class Envelope(Input):
    """The topic service's envelope; of its fields only the message itself matters here."""

    class Meta:
        unknown = EXCLUDE

    Message = fields.String(
        required=True,
        validate=validate.Length(1, MAXIMUM),
        metadata={"description": "The event, as JSON text"},
    )


class Heard(Answer):
    """`taken`, `known` (told before), `no_record` or `set_aside` with its reason."""

    outcome = fields.String()
    reason = fields.String(allow_none=True)


class MovementAnswer(Answer):
    id = fields.UUID()
    kind = fields.String()
    prison = fields.String()
    at = fields.AwareDateTime()


class Movements(Answer):
    movements = fields.List(fields.Nested(MovementAnswer))
