"""What goes into and comes out of a bulk transfer."""

from __future__ import annotations

from marshmallow import fields, validate

from services.records.bulk_transfer.rules import MOST_CHOSEN, RESULTS, STATES, WHY
from services.records.hand_over import choices as held
from services.records.transfers.schemas import Receivers, written
from shared.web.schemas import Answer, Input


class RouteInput(Input):
    from_unit = fields.String(required=True, validate=validate.Length(1, 40), metadata={"widget": "hidden"})
    to_unit = fields.String(required=True, validate=validate.Length(1, 40), metadata={"widget": "hidden"})


class NewBulkTransfer(RouteInput):
    """`whole`: every record of the unit; else those that are ticked."""

    whole = fields.Boolean(load_default=False, metadata={"widget": "none"})
    nominal_ids = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=MOST_CHOSEN, error=f"Choose {MOST_CHOSEN} records at most"),
        metadata={"label": "Records", "widget": "checkboxes", "options": held.nothing},
    )
    reason = written(
        "Why are they to be transferred?",
        "why they are to be transferred",
        hint="The receiving CPC reads this. Name nobody.",
    )


class BulkAgreement(Receivers):
    keep_people = fields.Boolean(
        load_default=False,
        metadata={
            "label": "Managers and supervisors who moved along keep their records",
            "hint": "Those who hold their token in the receiving area or force. All others go to the two above.",
            "widget": "checkbox",
        },
    )


class BulkEnded(Input):
    text = written("Why?", "why", hint="The other side reads this. Name nobody.")


class BulkAnswer(Answer):
    id = fields.UUID()
    state = fields.String(validate=validate.OneOf(list(STATES)))
    from_owner = fields.String()
    from_unit = fields.String()
    to_owner = fields.String()
    to_unit = fields.String()
    requested_by = fields.UUID()
    requested_at = fields.AwareDateTime()
    decided_by = fields.UUID(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    completed_at = fields.AwareDateTime(allow_none=True)
    total = fields.Integer()
    done = fields.Integer()
    transferred = fields.Integer()


class StandingAnswer(Answer):
    """`why` are codes; empty where the record can go."""

    nominal_id = fields.UUID()
    visor_number = fields.String()
    name = fields.String()
    category = fields.String()
    level = fields.Integer(allow_none=True)
    why = fields.List(fields.String(validate=validate.OneOf(list(WHY))))


class PreviewAnswer(Answer):
    """What a bulk transfer would do now; `records` are the first of them, those that stay first."""

    from_name = fields.String()
    to_name = fields.String()
    total = fields.Integer()
    can_go = fields.Integer()
    records = fields.List(fields.Nested(StandingAnswer))


class ResultAnswer(Answer):
    nominal_id = fields.UUID()
    result = fields.String(allow_none=True, validate=validate.OneOf(list(RESULTS)))
    why = fields.List(fields.String())
    transfer_id = fields.UUID(allow_none=True)


class BulkWhole(BulkAnswer):
    """`stopped`: its job was given up before its end, and goes on as soon as either side says so."""

    reason = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)
    may_answer = fields.Boolean()
    may_withdraw = fields.Boolean()
    stopped = fields.Boolean()
    may_resume = fields.Boolean()
    results = fields.List(fields.Nested(ResultAnswer))


class BulkList(Answer):
    bulks = fields.List(fields.Nested(BulkAnswer))


class ResultsInput(Input):
    after = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class ResultsAnswer(Answer):
    results = fields.List(fields.Nested(ResultAnswer))
    next_after = fields.UUID(allow_none=True)
