"""What goes into and comes out of a booked move."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.reference.estate import prisons
from shared.web.schemas import Answer, Input


class NewMove(Input):
    to_prison = fields.String(
        required=True,
        validate=validate.OneOf([f"prison-{prison.code}" for prison in prisons()]),
        metadata={
            "label": "To which prison?",
            "noun": "the prison",
            "widget": "select",
            "options": sorted(
                ((f"prison-{one.code}", one.name) for one in prisons()), key=lambda one: one[1]
            ),
        },
    )
    departs_at = fields.AwareDateTime(
        required=True,
        metadata={
            "label": "When will the person leave?",
            "noun": "when the person leaves",
            "widget": "datetime",
        },
    )


class BookingMessage(Input):
    """What the prisons' own system tells of a booked transfer; `noms` is the prison number."""

    noms = fields.String(required=True, validate=validate.Length(1, 20))
    to_prison = fields.String(required=True, validate=validate.Length(1, 40))
    departs_at = fields.AwareDateTime(required=True)


class BookingHeard(Answer):
    """`taken`, `known` (booked before), `archived` or `no_record`."""

    outcome = fields.String()


class Overridden(Input):
    reason = fields.String(
        required=True,
        validate=[validate.Length(10, 1000), validate.Regexp(r"\s*\S")],
        metadata={
            "label": "Why does the record go as it is?",
            "noun": "the reason",
            "hint": "The person moves anyway. The reason stays with the move.",
            "widget": "textarea",
        },
    )


class MoveAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    from_prison = fields.String()
    to_prison = fields.String()
    departs_at = fields.AwareDateTime()
    state = fields.String()
    booked_by = fields.UUID()
    ended_by = fields.UUID(allow_none=True)
    ended_at = fields.AwareDateTime(allow_none=True)


class MissingAnswer(Answer):
    what = fields.String()
    href = fields.String()


class MoveList(Answer):
    """`missing`: what the open move still waits for; empty where there is none open."""

    moves = fields.List(fields.Nested(MoveAnswer))
    missing = fields.List(fields.Nested(MissingAnswer))


class ComingMove(MoveAnswer):
    name = fields.String(allow_none=True)
    visor_number = fields.String(allow_none=True)


class ComingMoves(Answer):
    moves = fields.List(fields.Nested(ComingMove))
