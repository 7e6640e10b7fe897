"""The envelope of a prison message and what we say to it; and a movement entered by hand."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields, validate

from shared.reference.estate import prisons
from shared.web.schemas import Answer, Input

MAXIMUM = 100_000
KINDS = {"received": "Received into the prison", "released": "Left the prison"}


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
    """`taken`, `known` (told before), `no_record`, `archived` or `set_aside` with its reason."""

    outcome = fields.String()
    reason = fields.String(allow_none=True)


class NewMovement(Input):
    """PF-5.18: where no feed tells of it, somebody enters it."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(list(KINDS)),
        metadata={
            "label": "What happened?",
            "noun": "what happened",
            "widget": "radios",
            "options": list(KINDS.items()),
        },
    )
    prison = fields.String(
        required=True,
        validate=validate.OneOf([f"prison-{prison.code}" for prison in prisons()]),
        metadata={
            "label": "Prison",
            "noun": "the prison",
            "widget": "select",
            "options": sorted(
                ((f"prison-{one.code}", one.name) for one in prisons()), key=lambda one: one[1]
            ),
        },
    )
    at = fields.AwareDateTime(
        required=True, metadata={"label": "Date and time of the move", "widget": "datetime"}
    )


class MovementAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    kind = fields.String()
    prison = fields.String()
    at = fields.AwareDateTime()
    for_a_while = fields.Boolean()
    entered_by = fields.UUID(allow_none=True)


class Movements(Answer):
    movements = fields.List(fields.Nested(MovementAnswer))


class AsidePage(Input):
    before = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class AsideLine(Answer):
    """Nothing of the message itself: it can tell of anybody."""

    id = fields.UUID()
    event_type = fields.String()
    received_at = fields.AwareDateTime()
    outcome = fields.String()
    reason = fields.String(allow_none=True)


class AsideList(Answer):
    messages = fields.List(fields.Nested(AsideLine))
    next = fields.UUID(allow_none=True)


class AsideWhole(AsideLine):
    body = fields.String()
